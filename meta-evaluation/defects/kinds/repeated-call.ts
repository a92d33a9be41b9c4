import type { Defect } from '../defect.ts';
import { beforeLast, carryOut, finishAction, isLookup, pickOne, stepsOf } from '../script.ts';

/** A call is made again that had worked. */
export default {
  name: 'repeated-call',
  summary: 'a call that worked is made once or twice more',
  breaks: ['turns-needed'],
  apply: ({ task, draw }) => {
    const repeatable = stepsOf(
      task,
      (call, index) =>
        (isLookup(call) || /write_file|memory_bank_write|create_directory/.test(call.tool)) &&
        (index < task.plan.length - 1 || task.plan.length === 1),
    );
    const at = pickOne(draw, repeatable);
    const call = task.plan[at ?? -1];
    if (!call) return null;
    const again = Array.from({ length: 1 + draw.below(2) }, () => call);
    return { actions: [...carryOut(beforeLast(task, ...again)), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
