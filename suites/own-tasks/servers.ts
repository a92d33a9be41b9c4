import { createHash } from 'node:crypto';
import { chosenServersFile } from '../../envs/client-files/servers-file.ts';
import type { ReadBlock } from '../../envs/client-files/server-block.ts';
import { didYouMean } from '../../core/near-names.ts';
import type { Tool } from '../../core/types.ts';
import { UsageError } from '../../core/errors.ts';
import { ownServer } from '../../envs/own-server.ts';
import { addServers } from '../../envs/server-list.ts';
import { tellsOfChanges } from '../../envs/toolspaces.ts';
import type { OwnSource } from '../../envs/server-definition.ts';
import type { OwnCheck, OwnTask, TaskFile, ToolCall } from './format.ts';
import { plannedCallsOf } from './messages.ts';
import type { ReadTaskFile } from './read.ts';
import type { Fault } from './shape.ts';
import type { Path } from './source.ts';

/**
 * Makes those own servers that the tasks name known to this thread: of the task file itself, else of the file that was given by
 * `--servers`. The task file's hash then says which of the latter there are.
 * @throws UsageError naming every fault: missing variables, paths that cannot be copied, packages that cannot be had.
 */
export function addOwnServers(taskFile: ReadTaskFile): ReadTaskFile {
  const { folder, complain, blocks } = taskFile;
  const clientFile = chosenServersFile();
  const faults: Fault[] = [];
  const far: string[] = [];
  const sources: OwnSource[] = [];
  const used = serversOf(taskFile);
  for (const name of new Set([...used, ...blocks.keys()])) {
    const mine = blocks.get(name);
    const client = mine ? undefined : clientFile?.servers.get(name);
    const read = mine ?? client;
    if (!read || read.isDisabled) continue;
    const source: OwnSource =
      client && clientFile
        ? { block: client.block, folder: clientFile.folder, isOfClient: true, inputs: clientFile.inputs }
        : { block: read.block, folder };
    const made = ownServer(name, source, { isPlayed: used.includes(name) });
    if (mine)
      faults.push(...made.faults.map(({ path, what }) => ({ path: ['mcpServers', name, ...path], what: `${what}.` })));
    else far.push(...farFaults(clientFile?.path ?? '', name, read, made.faults));
    if (client) sources.push(source);
    const { definition } = made;
    const { own } = definition;
    addServers([own ? { ...definition, own: { ...own, notes: [...read.notes, ...own.notes] } } : definition]);
  }
  if (faults.length > 0 || far.length > 0)
    throw new UsageError([...(faults.length > 0 ? [complain(faults).message] : []), ...far].join('\n'));
  return sources.length === 0 ? taskFile : { ...taskFile, hash: hashWith(taskFile.hash, sources) };
}

function farFaults(
  file: string,
  name: string,
  read: ReadBlock,
  made: readonly { readonly path: Path; readonly what: string }[],
): string[] {
  return [
    ...read.faults.map(({ key, what }) => `${file}: ${name}${key === undefined ? '' : `.${key}`}: ${what}`),
    ...made.map(({ path, what }) => `${file}: ${[name, ...path].join('.')}: ${what}.`),
  ];
}

/** Own blocks of the task file are in its hash already. */
const hashWith = (hash: string, sources: readonly OwnSource[]): string =>
  createHash('sha256')
    .update(JSON.stringify([hash, sources.map(({ block }) => block)]))
    .digest('hex');

/** Servers of all tasks, in the order in which they are first named. */
export const serversOf = ({ file }: ReadTaskFile): readonly string[] => [
  ...new Set(file.tasks.flatMap(({ servers }) => servers)),
];

/** A call that a task names, and where. */
export interface NamedCall {
  readonly call: ToolCall;
  readonly path: Path;
  /** Its arguments are whole, not some of those of a call to look for. */
  readonly isWhole: boolean;
}

/** Every call that a task makes or looks for. */
export function callsOf(task: OwnTask, path: Path): NamedCall[] {
  const setUp = (task.setUp ?? []).map((call, index) => ({ call, path: [...path, 'setUp', index] }));
  const calls = [...setUp, ...plannedCallsOf(task, path)].map((named) => ({ ...named, isWhole: true }));
  return [...calls, ...task.checks.flatMap((check, index) => callOfCheck(check, [...path, 'checks', index]))];
}

function callOfCheck(check: OwnCheck, path: Path): NamedCall[] {
  if ('result' in check) return [{ call: check.result, path: [...path, 'result'], isWhole: true }];
  if ('called' in check) return [{ call: check.called, path: [...path, 'called'], isWhole: false }];
  return 'neverCalled' in check ? [{ call: check.neverCalled, path: [...path, 'neverCalled'], isWhole: false }] : [];
}

/** A tool that its server does not offer. */
export interface ToolFault extends Fault {
  readonly server: string;
  readonly tool: string;
  /** It may come in the middle of an episode: the server says that its tools change, and nothing calls it before. */
  readonly mayCome: boolean;
}

/** Names of tools that their servers do not offer. `tools` are those of all servers that the file uses. */
export function toolFaults({ tasks }: TaskFile, tools: readonly Tool[]): ToolFault[] {
  const names = Map.groupBy(tools, ({ server }) => server);
  return tasks.flatMap((task, index) =>
    callsOf(task, ['tasks', index]).flatMap(({ call: { server, tool }, path }) => {
      const toolNames = (names.get(server) ?? []).map(({ name }) => name);
      if (toolNames.includes(tool)) return [];
      const what = `Server ${server} offers no tool "${tool}".${didYouMean(tool, toolNames)} Offered: ${toolNames.join(', ')}.`;
      const mayCome = path[2] !== 'setUp' && tellsOfChanges(server);
      return [{ path: [...path, 'tool'], what, server, tool, mayCome }];
    }),
  );
}
