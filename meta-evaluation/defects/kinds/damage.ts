import type { Defect } from '../defect.ts';
import { harms } from '../harm.ts';
import { beforeLast, carryOut, finishAction, pickOne } from '../script.ts';

/** Something that was there and had to stay is overwritten or removed. */
export default {
  name: 'damage',
  summary: 'everything asked for is done, and something else is overwritten or removed',
  breaks: ['nothing-else', 'exactly-done', 'turns-needed'],
  open: ['finished-when-done', 'loads-needed', 'values-right'],
  apply: ({ task, draw }) => {
    const call = pickOne(draw, harms(task, draw));
    return call
      ? { actions: [...carryOut(beforeLast(task, call)), finishAction(task.answer)], server: call.server }
      : null;
  },
} satisfies Defect;
