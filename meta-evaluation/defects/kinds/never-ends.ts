import type { Defect } from '../defect.ts';
import { callAction, carryOut, pickOne, type Call } from '../script.ts';

/** All is done, and the policy goes on looking until the limit of turns cuts it off. */
export default {
  name: 'never-ends',
  summary: 'everything is done, but the policy looks at the result again and again until it is cut off',
  breaks: ['finished-when-done', 'turns-needed'],
  open: ['loads-needed', 'values-right'],
  apply: ({ task, draw, tools }) => {
    if (task.answer !== '') return null;
    const servers = new Set(task.plan.map(({ server }) => server));
    const tool = pickOne(
      draw,
      tools.filter(({ server, name }) => servers.has(server) && name in lookups),
    );
    if (!tool) return null;
    const look: Call = { server: tool.server, tool: tool.name, arguments: lookups[tool.name] ?? {} };
    const again = Array.from({ length: 200 }, () => callAction(look));
    return { actions: [...carryOut([...task.plan, look]), ...again], server: look.server };
  },
} satisfies Defect;

const lookups: Readonly<Record<string, Call['arguments']>> = {
  list_allowed_directories: {},
  fast_list_allowed_directories: {},
  list_projects: {},
  read_graph: {},
  list_tasks: {},
};
