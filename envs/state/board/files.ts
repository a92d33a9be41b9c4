import type { Files } from '../../../core/types.ts';

/** The file in which the board lies, one task a line. */
export const BOARD_FILE = 'tasks.jsonl';
export const DEFAULT_PRIORITY = 1;
const CREATED_AT = '2026-01-01T00:00:00.000Z';

/** A task as a fixture states it; `id` is what `update_task` wants (letters and digits). */
export interface BoardTask {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly state: 'open' | 'done';
}

/** Fixture files with which `dex-tasks` starts holding these tasks. */
export function boardFiles(tasks: readonly BoardTask[]): Files {
  const lines = tasks.map(({ id, name, description, state }) => {
    const isDone = state === 'done';
    return JSON.stringify({
      id,
      parent_id: null,
      name,
      description,
      priority: DEFAULT_PRIORITY,
      completed: isDone,
      result: isDone ? 'Done.' : null,
      metadata: null,
      created_at: CREATED_AT,
      updated_at: CREATED_AT,
      started_at: null,
      completed_at: isDone ? CREATED_AT : null,
      blockedBy: [],
      blocks: [],
      children: [],
    });
  });
  return { [BOARD_FILE]: lines.map((line) => `${line}\n`).join('') };
}
