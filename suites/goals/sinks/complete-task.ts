import { completeTask, listTasks, withTasks } from '../../tasks/board-steps.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './complete-task.json' with { type: 'json' };

/** Completes the task that the value names; its id has to be looked up. */
export default {
  name: 'complete-task',
  home: 'dex-tasks',
  wants: 'title',
  texts,
  record: ({ draw, start: before }, value) => {
    const tasks = [value, drawValue(draw, 'title'), drawValue(draw, 'title')].map((name) => ({
      name,
      description: draw.sentence(),
    }));
    const start = withTasks(before, draw.shuffle(tasks));
    const result = draw.sentence();
    return {
      start,
      steps: [listTasks(value), { ...completeTask(start, value, result), after: [0] }],
      values: { value, result },
    };
  },
} satisfies Sink;
