import { boardParentFact, boardPriorityFact, boardTaskFact } from '../../../core/facts.ts';
import type { Fact, Files } from '../../../core/types.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';

const BOARD_FILE = 'tasks.jsonl';
const CREATED_AT = '2026-01-01T00:00:00.000Z';
const DEFAULT_PRIORITY = 1;

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

interface BoardLine {
  readonly id: string;
  readonly parent_id: string | null;
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly completed: boolean;
}

/** Facts of a board; other files in the folder are stray ones. */
export function boardFacts(tree: Tree): Fact[] {
  const text = tree.get(BOARD_FILE)?.toString('utf8') ?? '';
  const tasks = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [JSON.parse(line) as BoardLine]));
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  const stray = fileFacts(without(tree, (path) => path === BOARD_FILE));
  const facts = tasks.flatMap(({ name, description, completed, priority, parent_id: parent }) => [
    boardTaskFact(name, description, completed ? 'done' : 'open'),
    ...(priority === DEFAULT_PRIORITY ? [] : [boardPriorityFact(name, priority)]),
    ...(parent === null ? [] : [boardParentFact(name, names.get(parent) ?? parent)]),
  ]);
  return [...new Set([...stray, ...facts])].sort();
}
