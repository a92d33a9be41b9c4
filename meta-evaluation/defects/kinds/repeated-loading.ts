import type { Defect } from '../defect.ts';
import { carryOut, finishAction, loadAction, stepsOf, withStep } from '../script.ts';

export default {
  name: 'repeated-loading',
  summary: 'a schema that was loaded is loaded again',
  breaks: ['loads-needed', 'turns-needed'],
  apply: ({ task, draw }) => {
    const at = draw.pick(stepsOf(task, () => true));
    const call = task.plan[at];
    if (!call) return null;
    const load = loadAction(call.server, call.tool);
    return {
      actions: [...carryOut(withStep(task, at, load, load, call)), finishAction(task.answer)],
      server: call.server,
    };
  },
} satisfies Defect;
