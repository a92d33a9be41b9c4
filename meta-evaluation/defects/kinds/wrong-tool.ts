import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction, isLookup, isOnlyUse, pickOne, stepsOf, withStep } from '../script.ts';

/** A change is tried with another tool of the right server, which takes the same arguments or none. */
export default {
  name: 'wrong-tool',
  summary: 'a change is tried with another tool of the same server',
  breaks: [...undone, 'steps-done', 'tools-loaded', 'tools-called', 'calls-exact'],
  open: ['nothing-else', 'calls-work', 'loads-needed', 'turns-needed', 'values-right'],
  apply: ({ task, draw, tools }) => {
    const at = pickOne(
      draw,
      stepsOf(task, (call, index) => !isLookup(call) && isOnlyUse(task, index), { isLast: true }),
    );
    const call = task.plan[at ?? -1];
    if (at === undefined || !call) return null;
    const keys = Object.keys(call.arguments);
    const planned = new Set(task.plan.map(({ tool }) => tool));
    const takers = tools.filter(({ server, name, inputSchema }) => {
      const { required = [] } = inputSchema as { readonly required?: readonly string[] };
      return server === call.server && !planned.has(name) && required.every((key) => keys.includes(key));
    });
    const tool = pickOne(draw, takers);
    if (!tool) return null;
    const parameters = Object.keys((tool.inputSchema['properties'] ?? {}) as object);
    const args = Object.fromEntries(Object.entries(call.arguments).filter(([key]) => parameters.includes(key)));
    const calls = withStep(task, at, { server: call.server, tool: tool.name, arguments: args });
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: call.server };
  },
} satisfies Defect;
