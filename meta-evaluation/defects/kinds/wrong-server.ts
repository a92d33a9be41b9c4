import type { JsonObject } from '../../../core/json.ts';
import { undone, type Defect } from '../defect.ts';
import { carryOut, finishAction, isOnlyUse, pickOne, stepsOf, withStep, type Call } from '../script.ts';

/** The work is done at a rival: a server that offers the like, and that was not meant. */
export default {
  name: 'wrong-server',
  summary: 'a change is made on another server that can do the like',
  breaks: [...undone, 'steps-done', 'nothing-else', 'tools-loaded', 'tools-called', 'calls-exact'],
  open: ['calls-work', 'loads-needed', 'turns-needed', 'values-right'],
  apply: ({ task, draw, tools }) => {
    const candidates = stepsOf(task, (_, index) => isOnlyUse(task, index), { isLast: true }).flatMap((at) => {
      const call = task.plan[at];
      return (call ? rivals(call) : [])
        .filter((rival) => tools.some(({ server, name }) => server === rival.server && name === rival.tool))
        .map((rival) => ({ at, rival }));
    });
    const place = pickOne(draw, candidates);
    if (!place) return null;
    const calls = withStep(task, place.at, place.rival);
    return { actions: [...carryOut(calls), finishAction(task.answer)], server: place.rival.server };
  },
} satisfies Defect;

const graphs = ['memory', 'knowledge-graph'];

/** What a change would be on servers that were not meant. */
function rivals({ server, tool, arguments: args }: Call): Call[] {
  if (graphs.includes(server)) {
    const twins = graphs.filter((graph) => graph !== server).map((other) => ({ server: other, tool, arguments: args }));
    return [...twins, ...(tool === 'create_entities' ? [entitiesPage(args)] : [])];
  }
  const text = (key: string) => (typeof args[key] === 'string' ? args[key] : '');
  const content = text('content') || text('description');
  if (/^(fast_)?write_file$/.test(tool)) {
    const [folder = 'notes', ...rest] = text('path').split('/');
    return [
      server === 'filesystem'
        ? { server: 'fast-filesystem', tool: 'fast_write_file', arguments: args }
        : { server: 'filesystem', tool: 'write_file', arguments: args },
      page(folder, rest.at(-1) ?? 'note.md', content),
    ];
  }
  if (tool === 'memory_bank_write') return [file(text('fileName'), content)];
  if (tool === 'create-note') return [file(text('filename'), content)];
  if (tool === 'create_task')
    return [page('tasks', `${text('name')}.md`, content), file(`${text('name')}.txt`, content)];
  return [];
}

const page = (projectName: string, fileName: string, content: string): Call => ({
  server: 'memory-bank',
  tool: 'memory_bank_write',
  arguments: { projectName, fileName, content },
});
const file = (path: string, content: string): Call => ({
  server: 'filesystem',
  tool: 'write_file',
  arguments: { path, content },
});
const entitiesPage = (args: JsonObject): Call => page('people', 'entities.md', JSON.stringify(args['entities']));
