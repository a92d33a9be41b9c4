import type { Defect } from '../defect.ts';
import { callAction, carryOut, finishAction, pickOne, stepsOf, withStep } from '../script.ts';

/** A tool is called that no server has: its name is made up after those that there are. */
export default {
  name: 'unknown-tool',
  summary: 'a tool that does not exist is called first',
  breaks: ['calls-work', 'turns-needed'],
  apply: ({ task, draw, tools }) => {
    const at = pickOne(
      draw,
      stepsOf(task, () => true),
    );
    const call = task.plan[at ?? -1];
    if (at === undefined || !call) return null;
    const tool = draw.pick([`do_${call.tool}`, `${call.tool}_now`, `${call.tool}2`]);
    if (tools.some((existing) => existing.name === tool)) return null;
    const calls = withStep(task, at, callAction({ ...call, tool }), call);
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
