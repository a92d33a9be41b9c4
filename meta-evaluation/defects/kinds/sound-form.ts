import type { Json } from '../../../core/json.ts';
import type { Defect } from '../defect.ts';
import { carryOut, finishAction, loadAction } from '../script.ts';

/** Arguments in another order, paths in another form, all loads at the start: another hand, the same work. */
export default {
  name: 'sound-form',
  summary: 'the reference plan with its loads first, keys in another order and paths that start with ./',
  breaks: [],
  apply: ({ task }) => {
    const tools = [...new Map(task.plan.map((call) => [`${call.server} ${call.tool}`, call])).values()];
    const calls = task.plan.map((call) => ({
      ...call,
      arguments: Object.fromEntries(
        Object.entries(call.arguments)
          .reverse()
          .map(([key, value]) => [key, isPath(call.server, key, value) ? `./${value as string}` : value]),
      ),
    }));
    return {
      actions: [
        ...carryOut([...tools.map(({ server, tool }) => loadAction(server, tool)), ...calls]),
        finishAction(task.answer),
      ],
      server: task.plan[0]?.server ?? '',
    };
  },
} satisfies Defect;

const isPath = (server: string, key: string, value: Json) =>
  server.endsWith('filesystem') && ['path', 'source', 'destination'].includes(key) && typeof value === 'string';
