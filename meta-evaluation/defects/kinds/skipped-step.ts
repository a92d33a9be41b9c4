import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction, isLookup, pickOne, stepsOf } from '../script.ts';

/** One change of several is forgotten. */
export default {
  name: 'skipped-step',
  summary: 'a change that nothing depends on is left out',
  breaks: [...undone, 'steps-done', 'calls-exact'],
  open: ['nothing-else', 'tools-loaded', 'tools-called', 'turns-needed', 'values-right'],
  apply: ({ task, draw }) => {
    if (task.plan.length < 2) return null;
    const at = pickOne(
      draw,
      stepsOf(task, (call) => !isLookup(call), { isLast: true }),
    );
    if (at === undefined) return null;
    const calls = task.plan.filter((_, index) => index !== at);
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: task.plan[at]?.server ?? '' };
  },
} satisfies Defect;
