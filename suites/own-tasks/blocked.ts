import type { Block } from '../../core/block.ts';
import { nearest } from '../../core/near-names.ts';
import { ownSuiteName, taskId } from '../../core/task-id.ts';
import type { Tool } from '../../core/types.ts';
import { describeServer, startFaults, toolspaceOf } from '../../envs/toolspaces.ts';
import type { TaskFileSource } from '../tasks/suite-list.ts';
import { readTaskFile } from './read.ts';
import { addOwnServers, serversOf, toolFaults } from './servers.ts';
import { onlyTasks } from './splits.ts';

/** Server → names of the tools that it once offered. */
export type OnceOffered = ReadonlyMap<string, ReadonlySet<string>>;

/** A task file of which some tasks are blocked. */
export interface BlockedTasks {
  /** Name of the suite that the whole file makes. */
  readonly suite: string;
  /** Full id of a task → what blocks it. */
  readonly blocks: ReadonlyMap<string, Block>;
  /** Full id of a task that can be played → which tool it needs that is gone, though it may come back while an episode goes on. */
  readonly lacks: ReadonlyMap<string, string>;
  /** The tasks that can be played; `null`: none. */
  readonly rest: TaskFileSource | null;
  /** Full ids of all tasks, blocked or not. */
  readonly ids: readonly string[];
  readonly servers: readonly string[];
  /** Each of them that starts, with what it offers now. */
  readonly starting: readonly { readonly name: string; readonly package: string; readonly tools: readonly Tool[] }[];
}

/**
 * Which tasks of a file are blocked by what their servers once did and no longer do, and which lack a tool. `null` where something
 * else is wrong: a server that was never there, a tool that was never offered.
 * @throws UsageError where the file itself is broken.
 */
export function blockedTasks(source: TaskFileSource, once: OnceOffered): BlockedTasks | null {
  const taskFile = onlyTasks(addOwnServers(readTaskFile(source.file)), source.only);
  const all = serversOf(taskFile);
  const faults = startFaults(all);
  const started = all.filter((server) => !faults.has(server));
  const { tools } = toolspaceOf(started);
  const missing = toolFaults(taskFile.file, tools).filter(({ server }) => !faults.has(server));
  const lost = missing.filter(({ mayCome }) => !mayCome);
  const isKnown = ({ server, tool }: { readonly server: string; readonly tool: string }) =>
    once.get(server)?.has(tool) === true;
  if ([...faults.keys()].some((server) => !once.has(server)) || !lost.every(isKnown)) return null;
  const blocks = new Map<string, Block>();
  const lacks = new Map<string, string>();
  const idOf = (id: string) => taskId(taskFile.name, 'own', 'test', id);
  for (const [index, { id, servers }] of taskFile.file.tasks.entries()) {
    const dead = servers.find((server) => faults.has(server));
    const gone = lost.find(({ path }) => path[1] === index);
    const absent = missing.find((one) => one.path[1] === index && isKnown(one));
    if (gone) blocks.set(idOf(id), { what: 'tool', why: goneText(gone, tools, once) });
    else if (dead !== undefined) blocks.set(idOf(id), { what: 'server', why: faults.get(dead) ?? '' });
    else if (absent) lacks.set(idOf(id), goneText(absent, tools, once));
  }
  const ids = taskFile.file.tasks.map(({ id }) => id);
  const only = ids.filter((id) => !blocks.has(idOf(id)));
  return {
    suite: ownSuiteName(taskFile.name, taskFile.hash),
    blocks,
    lacks,
    rest: only.length === 0 ? null : { ...source, only },
    ids: ids.map(idOf),
    servers: all,
    starting: started.map((name) => ({
      name,
      package: describeServer(name).package,
      tools: toolspaceOf([name]).tools,
    })),
  };
}

/** The only tool that is new there, or the new one with the nearest name, is what it may be called now. */
function goneText(
  { server, tool }: { readonly server: string; readonly tool: string },
  tools: readonly Tool[],
  once: OnceOffered,
): string {
  const added = tools
    .filter((one) => one.server === server && !once.get(server)?.has(one.name))
    .map(({ name }) => name);
  const renamed = added.length === 1 ? added[0] : nearest(tool, added);
  const guess = renamed === undefined ? '' : ` (was it renamed to ${renamed}?)`;
  return `It needs the tool ${tool}, which server ${server} no longer offers${guess}.`;
}
