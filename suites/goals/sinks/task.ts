import { createTask } from '../../tasks/step.ts';
import type { Sink } from '../../tasks/sub-goal.ts';
import { drawValue } from '../values.ts';
import texts from './task.json' with { type: 'json' };

/** Puts a task on the board that the value describes. */
export default {
  name: 'task',
  home: 'dex-tasks',
  wants: 'text',
  texts,
  record: ({ draw, start }, value) => {
    const task = drawValue(draw, 'title');
    return { start, steps: [createTask(task, value)], values: { task, value } };
  },
} satisfies Sink;
