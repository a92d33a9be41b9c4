import type { Defect } from '../defect.ts';
import { callAction, carryOut, finishAction, isOnlyUse, pickOne, stepsOf, withStep } from '../script.ts';

/** A tool is called before its schema was loaded, which is refused. */
export default {
  name: 'unloaded-call',
  summary: 'a tool is called before its schema was loaded, is refused, and is then loaded and called',
  breaks: ['calls-work', 'turns-needed'],
  apply: ({ task, draw }) => {
    const at = pickOne(
      draw,
      stepsOf(task, (_, index) => isOnlyUse(task, index)),
    );
    const call = task.plan[at ?? -1];
    if (at === undefined || !call) return null;
    const calls = withStep(task, at, callAction(call), call);
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
