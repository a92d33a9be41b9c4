import type { Files } from '../../core/types.ts';
import type { State } from './state.ts';

/** The file with which dex-tasks (`@zeeg/dex` 0.16) starts holding these open tasks; ids are eight letters by position. */
export function boardFiles(board: State['board']): Files {
  const lines = board.map(({ name, description }, index) => ({
    id: `start${String.fromCodePoint(97 + index).repeat(3)}`,
    parent_id: null,
    name,
    description,
    priority: 1,
    completed: false,
    result: null,
    metadata: null,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
    started_at: null,
    completed_at: null,
    blockedBy: [],
    blocks: [],
    children: [],
  }));
  return { 'tasks.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join('') };
}
