import type { Defect } from '../defect.ts';
import { beforeLast, carryOut, finishAction, pickOne, wantedTexts, type Call } from '../script.ts';

/** Something that was there and had to stay is overwritten or removed. */
export default {
  name: 'damage',
  summary: 'everything asked for is done, and something else is overwritten or removed',
  breaks: ['nothing-else', 'exactly-done', 'turns-needed'],
  open: ['finished-when-done', 'loads-needed', 'values-right'],
  apply: ({ task, draw }) => {
    const taskText = `${task.prompt}\n${wantedTexts(task)}\n${JSON.stringify(task.plan)}`;
    const calls = task.world.servers.flatMap((server) =>
      (task.initial[server] ?? [])
        .map((fact) => JSON.parse(fact) as readonly string[])
        // What the task touches is no bystander.
        .filter(([, name = '']) => !taskText.includes(name))
        .flatMap((parts) => harm(server, parts, draw.sentence()) ?? []),
    );
    const call = pickOne(draw, calls);
    return call
      ? { actions: [...carryOut(beforeLast(task, call)), finishAction(task.answer)], server: call.server }
      : null;
  },
} satisfies Defect;

function harm(server: string, [kind, name = '']: readonly string[], text: string): Call | null {
  if (kind === 'file' && server === 'filesystem')
    return { server, tool: 'write_file', arguments: { path: name, content: text } };
  if (kind === 'file' && server === 'fast-filesystem')
    return { server, tool: 'fast_write_file', arguments: { path: name, content: text } };
  if (kind === 'file' && server === 'memory-bank') {
    const [projectName = '', fileName = ''] = name.split('/');
    return { server, tool: 'memory_bank_update', arguments: { projectName, fileName, content: text } };
  }
  if (kind === 'entity' && ['memory', 'knowledge-graph'].includes(server))
    return { server, tool: 'delete_entities', arguments: { entityNames: [name] } };
  return null;
}
