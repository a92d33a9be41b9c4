import { completeTask, listTasks, withTasks } from '../../tasks/board-steps.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './complete-described.json' with { type: 'json' };

/** Completes the task that the value describes; its id has to be looked up. */
export default {
  name: 'complete-described',
  home: 'dex-tasks',
  wants: 'phrase',
  texts,
  record: ({ draw, start: before }, value) => {
    const name = drawValue(draw, 'title');
    const others = [1, 2].map(() => ({ name: drawValue(draw, 'title'), description: draw.sentence() }));
    const start = withTasks(before, draw.shuffle([{ name, description: value }, ...others]));
    const result = draw.sentence();
    return {
      start,
      steps: [listTasks(value), { ...completeTask(start, name, result), after: [0] }],
      values: { value, result },
    };
  },
} satisfies Sink;
