import { isJsonObject } from '../../core/json.ts';
import type { Files } from '../../core/types.ts';
import type { ReadBlock } from '../../envs/client-files/server-block.ts';
import { chosenServersFile } from '../../envs/client-files/servers-file.ts';
import { isBinary } from '../../envs/state/files/binary.ts';
import { listedNames, serverDefinition, serverNames } from '../../envs/server-list.ts';
import { blockFaults } from './blocks.ts';
import { moduleFaults, modulesOf } from './modules.ts';
import { checkFaults } from './validate-checks.ts';
import { readFixtureFolder } from './fixture-folder.ts';
import type { OwnCheck, OwnMessage, OwnTask, TaskFile, ToolCall } from './format.ts';
import { didYouMean } from '../../core/near-names.ts';
import { shownPath } from '../../core/shown-path.ts';
import { pathFault } from './path-fault.ts';
import type { Fault } from './shape.ts';
import type { Path } from './source.ts';

/** What a task file is looked through with. */
export interface TaskFileContext {
  /** Folder of the task file, without symbolic links. */
  readonly home: string;
  /** The file's own servers, as far as they could be read. */
  readonly blocks: ReadonlyMap<string, ReadBlock>;
  /** Takes note of a fixture folder's files, so that it is read once. */
  readonly keepFolder: (name: string, files: Files) => void;
  /** Whether the schema has nothing to say against a place and what is below it. */
  readonly isSound: (path: Path) => boolean;
}

/** A file of which only the sound places can be relied on. */
type Doubtful<T> = { readonly [Key in keyof T]?: unknown };

/**
 * What no schema can say: names that stand for nothing, patterns that are none, folders that are not there. Places that the
 * schema finds wrong are left out, and keep no others from being looked at.
 */
export function contentFaults(file: Doubtful<TaskFile>, context: TaskFileContext): Fault[] {
  const faults: Fault[] = [];
  const ownServers = entriesOf(file.mcpServers);
  for (const [name] of ownServers) {
    const path = ['mcpServers', name];
    if (name in {}) faults.push({ path, what: 'is a name with a meaning of its own. Take another.' });
  }
  const servers = new Map<string, boolean>([
    ...listedNames.map((name) => [name, false] as const),
    ...serverNames.map((name) => [name, serverDefinition(name).facts !== null] as const),
    // What a server elsewhere keeps cannot be seen.
    ...[...(chosenServersFile()?.servers ?? [])].map(([name, { block }]) => [name, !('url' in block)] as const),
    ...ownServers.map(([name]) => [name, !('url' in (context.blocks.get(name)?.block ?? {}))] as const),
  ]);
  const modules = modulesOf(file.tasks, context.blocks).filter(({ path }) => context.isSound(path));
  faults.push(...blockFaults(context.blocks).filter(({ path }) => context.isSound(path)));
  faults.push(...moduleFaults(modules, context.home));
  const firstPlaces = new Map<unknown, number>();
  for (const [index, task] of listOf(file.tasks).entries()) {
    if (!isJsonObject(task)) continue;
    const { id } = task as Doubtful<OwnTask>;
    const first = firstPlaces.get(id);
    const path = ['tasks', index];
    if (first === undefined) firstPlaces.set(id, index);
    else if (id !== undefined)
      faults.push({ path: [...path, 'id'], what: `${JSON.stringify(id)} is the id of tasks[${first}] already.` });
    faults.push(...taskFaults(task, path, servers, context));
  }
  return faults;
}

/** Where a user may name the server that is lacking. */
function serversHint(): string {
  const file = chosenServersFile();
  return file
    ? ` If it is a server of your own, add it to ${shownPath(file.path)}, the file given with --servers.`
    : " If it is a server of your own, name your MCP client's file, for example with --servers mcp.json.";
}

/** Server → whether anything that it keeps can be seen. */
type KnownServers = ReadonlyMap<string, boolean>;

function taskFaults(
  task: Doubtful<OwnTask>,
  path: Path,
  knownServers: KnownServers,
  context: TaskFileContext,
): Fault[] {
  const { isSound } = context;
  const faults: Fault[] = [];
  const sound = <T>(key: keyof OwnTask): (readonly [T, Path])[] =>
    listOf(task[key])
      .map((value, index) => [value as T, [...path, key, index]] as const)
      .filter(([, at]) => isSound(at));
  const servers = sound<string>('servers');
  for (const [name, at] of servers) {
    const read = context.blocks.get(name) ?? chosenServersFile()?.servers.get(name);
    if (read?.isDisabled)
      faults.push({
        path: at,
        what: `Server "${name}" is disabled. Take that out of its block, or take another server.`,
      });
    if (!knownServers.has(name)) {
      const all = [...knownServers.keys()];
      const run = all.filter((one) => !listedNames.includes(one)).join(', ');
      faults.push({
        path: at,
        what: `There is no server "${name}".${didYouMean(name, all)} Known: ${run}.${serversHint()}`,
      });
    }
  }
  const names = servers.map(([name]) => name);
  const checkServerName = (at: Path, name: string, mustKeep: boolean): void => {
    if (!names.includes(name)) {
      const all = `They are ${names.join(', ')}.`;
      faults.push({ path: at, what: `"${name}" is none of the task's servers.${didYouMean(name, names)} ${all}` });
    } else if (mustKeep && knownServers.get(name) === false) {
      const cure = 'Check it by `result`, and start it by `setUp`.';
      faults.push({ path: at, what: `Server ${name} keeps nothing that can be seen. ${cure}` });
    }
  };
  faults.push(...fixtureFaults(task, path, checkServerName, context));
  for (const [{ server }, at] of sound<ToolCall>('setUp')) checkServerName([...at, 'server'], server, false);
  const messages = sound<OwnMessage>('messages');
  const plans = messages.flatMap(([message, at]) =>
    (typeof message === 'string' ? [] : (message.plan ?? [])).map(
      (call, index) => [call, [...at, 'plan', index]] as const,
    ),
  );
  for (const [call, at] of [...sound<PlanCall>('plan'), ...plans]) {
    checkServerName([...at, 'server'], call.server, false);
    faults.push(...orderFaults(call, at));
  }
  for (const [check, at] of sound<OwnCheck>('checks')) {
    faults.push(...checkFaults(check, at, names, checkServerName));
    const said = Math.max(1, listOf(task.messages).length);
    if ('answer' in check && (check.message ?? 0) >= said)
      faults.push({
        path: [...at, 'message'],
        what: `is no number, from 0, of one of the task's messages: it has ${said}.`,
      });
  }
  const criteria = sound<{ readonly criterion: string }>('rubric');
  for (const [index, [{ criterion }, at]] of criteria.entries())
    if (criteria.findIndex(([earlier]) => earlier.criterion === criterion) < index)
      faults.push({ path: [...at, 'criterion'], what: 'says the same as one before it.' });
  return faults;
}

type PlanCall = NonNullable<OwnTask['plan']>[number];

function orderFaults({ after = [] }: PlanCall, at: Path): Fault[] {
  const own = at.at(-1) as number;
  return after.flatMap((number, place) =>
    number < own
      ? []
      : [{ path: [...at, 'after', place], what: `must be the number, from 0, of an earlier call than ${own}.` }],
  );
}

function fixtureFaults(
  task: Doubtful<OwnTask>,
  path: Path,
  checkServerName: (at: Path, name: string, mustKeep: boolean) => void,
  { isSound, home, keepFolder }: TaskFileContext,
): Fault[] {
  const faults: Fault[] = [];
  for (const [server, files] of entriesOf(task.files)) {
    const at = [...path, 'files', server];
    checkServerName(at, server, true);
    if (isSound(at)) faults.push(...filesFaults(files as Files, at));
  }
  for (const [server, folder] of entriesOf(task.folders)) {
    const at = [...path, 'folders', server];
    checkServerName(at, server, true);
    if (!isSound(at)) continue;
    const fixture = readFixtureFolder(folder as string, home);
    if ('fault' in fixture) faults.push({ path: at, what: `Folder "${folder as string}" ${fixture.fault}.` });
    else {
      keepFolder(folder as string, fixture.files);
      faults.push(...binaryFaults(server, fixture.files, at));
      faults.push(...layFaults(fixture.files, entriesOf(task.files).find(([name]) => name === server)?.[1], at));
    }
  }
  return faults;
}

/** Some servers of the catalogue make what they keep from texts. */
function binaryFaults(server: string, files: Files, path: Path): Fault[] {
  if (!serverNames.includes(server) || !serverDefinition(server).compile) return [];
  const binary = Object.keys(files).find((name) => isBinary(files[name] ?? ''));
  if (binary === undefined) return [];
  const what = `holds ${binary}, which is no UTF-8 text, and server ${server} makes its files from texts. Let a set-up call make it.`;
  return [{ path, what }];
}

function filesFaults(files: Files, path: Path): Fault[] {
  const names = Object.keys(files);
  return names.flatMap((name) => {
    const at = [...path, name];
    const fault = pathFault(name, true);
    if (fault !== undefined) return [{ path: at, what: fault }];
    if (name.endsWith('/'))
      return files[name] === '' ? [] : [{ path: at, what: 'is a folder, which has no text. Write "".' }];
    const inside = names.find((file) => file.startsWith(`${name}/`));
    return inside === undefined ? [] : [{ path: at, what: `is a file, and so cannot hold ${inside}.` }];
  });
}

/** A file cannot be laid over a folder, nor the other way about. */
function layFaults(below: Files, above: unknown, path: Path): Fault[] {
  const names = Object.keys(below).filter((name) => !name.endsWith('/'));
  return entriesOf(above).flatMap(([name]) => {
    const other = names.find(
      (file) => name.startsWith(`${file}/`) || (!name.endsWith('/') && file.startsWith(`${name}/`)),
    );
    return other === undefined ? [] : [{ path, what: `holds ${other}, over which ${name} cannot be laid.` }];
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const entriesOf = (value: unknown): [string, unknown][] => (isJsonObject(value) ? Object.entries(value) : []);
