import { type State, unchanged } from './state.ts';
import { boardId } from './state-files.ts';
import type { Step } from './step.ts';

/** Finds open tasks whose name or description holds the words. */
export const listTasks = (query: string): Step => ({
  server: 'dex-tasks',
  tool: 'list_tasks',
  arguments: { query },
  change: unchanged,
  shows: ({ board }) =>
    board.flatMap(({ name, description, isDone = false }, index) =>
      !isDone && [name, description].some((text) => text.includes(query))
        ? [{ id: boardId(index), name, description }]
        : [],
    ),
});

/**
 * Completes a task that the start state holds: the ids of later ones are made by the server. `result` is
 * what the server asks for at that moment, and no fact.
 */
export function completeTask(start: State, name: string, result: string): Step {
  const index = start.board.findIndex((task) => task.name === name);
  if (index < 0) throw new RangeError(`no task ${name} to complete`);
  return {
    server: 'dex-tasks',
    tool: 'update_task',
    arguments: { id: boardId(index), completed: true, result },
    change: (state) => ({
      ...state,
      board: state.board.map((task, at) => (at === index ? { ...task, isDone: true } : task)),
    }),
  };
}

/** Puts tasks at the end of a start state's board, so that the ids of those before stay what they are. */
export const withTasks = (start: State, tasks: State['board']): State => ({
  ...start,
  board: [...start.board, ...tasks],
});
