import type { Defect } from '../defect.ts';
import { carryOut, finishAction, pickOne, stepsOf, withStep } from '../script.ts';

/** A call does not fit its schema, is refused, and is then made as it should be. */
export default {
  name: 'malformed-call',
  summary: 'a call lacks an argument, is refused, and is then made rightly',
  breaks: ['calls-work', 'turns-needed'],
  open: ['values-right'],
  apply: ({ task, draw, tools }) => {
    const requiredOf = (server: string, tool: string) =>
      (tools.find((candidate) => candidate.server === server && candidate.name === tool)?.inputSchema['required'] ??
        []) as readonly string[];
    const at = pickOne(
      draw,
      stepsOf(task, ({ server, tool }) => requiredOf(server, tool).length > 0),
    );
    const call = task.plan[at ?? -1];
    if (at === undefined || !call) return null;
    const missingKey = draw.pick(requiredOf(call.server, call.tool));
    const args = Object.fromEntries(Object.entries(call.arguments).filter(([key]) => key !== missingKey));
    const calls = withStep(task, at, { ...call, arguments: args }, call);
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
