import type { Defect } from '../defect.ts';
import { carryOut, finishAction, isLookup, isOnlyUse, pickOne, stepsOf } from '../script.ts';

/** The right end without the work: a value is used, or an answer given, that nothing in the episode shows. */
export default {
  name: 'lucky-guess',
  summary: 'a lookup is left out; what it would have shown is used or answered all the same',
  breaks: ['steps-done', 'tools-loaded', 'tools-called', 'calls-exact'],
  open: ['loads-needed', 'calls-work', 'turns-needed', 'values-right'],
  apply: ({ task, draw }) => {
    const at = pickOne(
      draw,
      stepsOf(task, (call, index) => isLookup(call) && isOnlyUse(task, index)),
    );
    if (at === undefined) return null;
    const calls = task.plan.filter((_, index) => index !== at);
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: task.plan[at]?.server ?? '' };
  },
} satisfies Defect;
