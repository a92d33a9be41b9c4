import type { Task } from '../../core/types.ts';
import type { Draw } from '../../suites/tasks/draw.ts';
import { wantedTexts, type Call } from './script.ts';

/** Calls each of which overwrites or removes something that was there and that the task does not touch. */
export function harms(task: Task, draw: Draw): Call[] {
  const taskText = `${task.prompt}\n${wantedTexts(task)}\n${JSON.stringify(task.plan)}`;
  return task.world.servers.flatMap((server) =>
    (task.initial[server] ?? [])
      .map((fact) => JSON.parse(fact) as readonly string[])
      // What the task touches is no bystander.
      .filter(([, name = '']) => !taskText.includes(name))
      .flatMap((parts) => harm(server, parts, draw.sentence()) ?? []),
  );
}

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
