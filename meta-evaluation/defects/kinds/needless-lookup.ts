import type { Defect } from '../defect.ts';
import { beforeLast, carryOut, finishAction, pickOne } from '../script.ts';

/** The policy looks at things that nobody asked about. */
export default {
  name: 'needless-lookup',
  summary: 'a lookup that the task does not need is made in between',
  breaks: ['turns-needed'],
  open: ['loads-needed'],
  apply: ({ task, draw, tools }) => {
    const planned = new Set(task.plan.map(({ tool }) => tool));
    const lookups = tools.filter(
      ({ name, inputSchema }) =>
        /list_tasks|read_graph|list_projects|list_allowed_directories|list-available-vaults|current_time/.test(name) &&
        !planned.has(name) &&
        ((inputSchema['required'] ?? []) as readonly string[]).length === 0,
    );
    const tool = pickOne(draw, lookups);
    if (!tool) return null;
    const call = { server: tool.server, tool: tool.name, arguments: {} };
    return { actions: [...carryOut(beforeLast(task, call)), finishAction(task.answer)], server: tool.server };
  },
} satisfies Defect;
