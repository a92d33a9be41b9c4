import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { cutHash, toolPrint, type Fingerprint } from '../core/fingerprint.ts';
import type { ServerCard, Tool, Toolspace } from '../core/types.ts';
import { ownServerChoice } from './client-files/choice.ts';
import { remoteFault } from './client-files/offers.ts';
import { confinement } from './confinement/choice.ts';
import { keptFault, listedToolList } from './listed/kept-list.ts';
import { listedDefinitions } from './listed/definition.ts';
import type { ServerDefinition } from './server-definition.ts';
import { offeringFault } from './offering.ts';
import { serverDefinition } from './server-list.ts';
import { cacheFolder } from './world-places.ts';
import { renewalOf, serverPackage } from './processes/packages.ts';
import { chosenDeadlines } from './processes/deadlines.ts';
import type { ProbedLists, ProbeInput } from './processes/probe.ts';
import { noteStart } from './processes/starts.ts';
import { scriptPath } from './processes/supervisor.ts';
import type { ToolList } from './processes/tool-list.ts';
import { schemaText } from './view-parts/tool-index.ts';

/** By definition: a user's own server may have the name of one of the catalogue. */
const lists = new WeakMap<ServerDefinition, ToolList>();
const toolspaces = new Map<
  string,
  { readonly definitions: readonly ServerDefinition[]; readonly toolspace: Toolspace }
>();

/** By name, of a recording in whose run no server starts. */
let recordedLists: ReadonlyMap<string, ToolList> = new Map();

/** From now on these servers are not asked for their tools: they listed these, as `toolListsOf` told. */
export function adoptToolLists(recorded: Readonly<Record<string, unknown>>): void {
  recordedLists = new Map(Object.entries(recorded as Record<string, ToolList>));
}

/** What servers listed, by name, for `adoptToolLists` of another process. Throws `UsageError` where one does not start. */
export function toolListsOf(servers: readonly string[]): Readonly<Record<string, ToolList>> {
  ensureListed(servers);
  return Object.fromEntries(servers.flatMap((name) => [[name, listOf(name) as ToolList]]));
}

const listOf = (server: string): ToolList | undefined => lists.get(serverDefinition(server));

/**
 * Cards and tools of servers in the given order. The same object for the same servers, so that views may cache by it.
 * Servers not seen before are started once to ask them; their answers are kept on disk by package version.
 * @throws UsageError when a server does not start or its tool list is not the pinned version's.
 */
export function toolspaceOf(servers: readonly string[]): Toolspace {
  const key = servers.join('\n');
  const definitions = servers.map(serverDefinition);
  const known = toolspaces.get(key);
  if (known?.definitions.every((one, index) => one === definitions[index])) return known.toolspace;
  ensureListed(servers);
  const toolspace = { servers: servers.map(cardOf), tools: servers.flatMap((name) => offeredTools(name)) };
  toolspaces.set(key, { definitions, toolspace });
  return toolspace;
}

function cardOf(name: string): ServerCard {
  const { instructions } = listOf(name) ?? {};
  return { name, summary: summaryOf(name), ...(instructions === undefined ? {} : { instructions }) };
}

/** A user's own server without a summary is told by its tools. */
function summaryOf(server: string): string {
  const { summary } = serverDefinition(server);
  return summary === '' ? summaryByTools(offeredTools(server)) : summary;
}

export function summaryByTools(tools: readonly Pick<Tool, 'name'>[]): string {
  const names = tools.slice(0, MOST_NAMED).map(({ name }) => name);
  if (names.length === 0) return 'Has no tools.';
  return `Has the tools ${names.join(', ')}${tools.length > MOST_NAMED ? ' …' : '.'}`;
}

const MOST_NAMED = 8;

/**
 * What `manifest.json` and `toolstone servers` say of a server. `schemaHash` is SHA-256 (hex) of its offered tools, `fingerprint`
 * tells them one by one.
 */
export function describeServer(server: string) {
  ensureListed([server]);
  return descriptionOf(server, listOf(server));
}

function descriptionOf(server: string, list: ToolList | undefined) {
  const definition = serverDefinition(server);
  const tools = offeredOf(server, list);
  const { quarantined = [], remarks: ofList = [], instructions } = list ?? {};
  const remarks = [...(definition.own?.notes ?? []), ...ofList];
  return {
    package: definition.own ? definition.package : `${definition.package}@${versionOf(definition)}`,
    tools: tools.length,
    schemaHash: createHash('sha256').update(JSON.stringify(tools)).digest('hex'),
    fingerprint: {
      ...(instructions === undefined ? {} : { instructions: cutHash(instructions) }),
      tools: Object.fromEntries(tools.map((tool) => [tool.name, toolPrint(tool, schemaText(tool).length)])),
    } satisfies Fingerprint,
    quarantined,
    ...(remarks.length === 0 ? {} : { remarks }),
    ...(definition.listed ? { listed: true as const } : {}),
  };
}

const versionOf = (definition: ServerDefinition): string =>
  definition.listed?.source.version ?? serverPackage(definition).version;

/**
 * What servers offer when they are started and asked once more, whatever they said before; it is forgotten again. Throws
 * `UsageError` that names all that do not start.
 */
export function listedAnew(servers: readonly string[]) {
  const answers = Object.entries(askAnew(servers));
  const faults = answers.flatMap(([, answer]) => ('fault' in answer ? [answer.fault] : []));
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  const listed = answers.flatMap(([name, answer]) => ('fault' in answer ? [] : [[name, answer.list] as const]));
  return {
    servers: Object.fromEntries(listed.map(([name, list]) => [name, descriptionOf(name, list)])),
    tools: listed.flatMap(([name, list]) => offeredOf(name, list)),
  };
}

/** What is to be told of a server once it has listed its tools: which of them are set aside, and what else is amiss. */
export function serverRemarks(server: string): readonly string[] {
  const { quarantined = [], remarks = [] } = listOf(server) ?? {};
  const { notes = [] } = serverDefinition(server).own ?? {};
  return [
    ...notes.map((note) => `Server ${server}: ${note}.`),
    ...quarantined.map(({ name, reason }) => `Server ${server}: the tool "${name}" is left out, because ${reason}.`),
    ...remarks.map((remark) => `Server ${server}: ${remark}.`),
  ];
}

/** Whether a server says that its tools may change, so that others may come in the middle of an episode. */
export const tellsOfChanges = (server: string): boolean => listOf(server)?.tellsOfChanges === true;

/** Columns for the name of a server of the catalogue. */
export const SERVER_WIDTH = 20;

/** A server's lines in `toolstone servers`. */
export function serverText(server: string): string {
  const { package: source, tools, schemaHash, quarantined } = describeServer(server);
  return [
    `${server.padEnd(SERVER_WIDTH)} ${source.padEnd(52)} ${String(tools).padStart(3)} tools  ${schemaHash.slice(0, 12)}`,
    ...quarantined.map((tool) => `${' '.repeat(SERVER_WIDTH)} quarantined ${tool.name}: ${tool.reason}`),
  ].join('\n');
}

const offeredTools = (server: string) => offeredOf(server, listOf(server));

function offeredOf(server: string, list: ToolList | undefined) {
  const { withheld } = serverDefinition(server);
  return (list?.tools ?? []).filter((tool) => !withheld.includes(tool.name));
}

/** Servers that do not start, each with the sentence that says why. */
export function startFaults(servers: readonly string[]): ReadonlyMap<string, string> {
  for (const name of servers) if (!listOf(name)) remember(name, recordedLists.get(name));
  const faults = missingServers(servers.filter((name) => !recordedLists.has(name)));
  for (const name of servers) if (!listOf(name) && !faults.has(name)) remember(name, readKept(name));
  const unknown = servers.filter((name) => !listOf(name) && !faults.has(name));
  for (const [name, answer] of Object.entries(askAnew(unknown))) {
    if ('fault' in answer) faults.set(name, answer.fault);
    else {
      noteStart(name);
      remember(name, answer.list);
      writeCached(name, answer.list);
    }
  }
  return faults;
}

/** Starts servers that are installed, and asks each for its tools, whatever is known of it. */
export function askAnew(servers: readonly string[]): ProbedLists {
  if (servers.length === 0) return {};
  const ownSources = servers.flatMap((name) => {
    const source = serverDefinition(name).own?.source;
    return source ? [[name, source] as const] : [];
  });
  const answer = spawnSync(process.execPath, [scriptPath('probe-child'), ...servers], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    input: JSON.stringify({
      sources: Object.fromEntries(ownSources),
      deadlines: chosenDeadlines(),
      confinement: confinement(),
      ownServers: ownServerChoice(),
    } satisfies ProbeInput),
  });
  if (answer.status !== 0) throw new UsageError(answer.stderr.trim() || `Servers ${servers.join(', ')} did not start.`);
  const answers = Object.entries(JSON.parse(answer.stdout) as ProbedLists).map(([name, one]) => {
    const fault = 'fault' in one ? undefined : listFault(serverDefinition(name), one.list);
    return [name, fault === undefined ? one : { fault }] as const;
  });
  return Object.fromEntries(answers);
}

/** What speaks against a server by what it lists. */
function listFault(definition: ServerDefinition, list: ToolList): string | undefined {
  const kept = definition.own || !definition.onRequest ? undefined : listedDefinitions.get(definition.name)?.listed;
  if (!kept) return remoteFault(definition, list.tools);
  const fault = keptFault(kept.source, list);
  return fault === undefined ? undefined : `${fault} ${renewalOf(definition)}`;
}

/** Servers that are not offered here, each with the sentence that says why. */
const missingServers = (servers: readonly string[]): Map<string, string> =>
  new Map(
    servers.flatMap((name) => {
      const fault = offeringFault(name);
      return fault === undefined ? [] : [[name, fault] as const];
    }),
  );

/** @throws UsageError naming all that do not start. */
function ensureListed(servers: readonly string[]): void {
  const faults = startFaults(servers);
  if (faults.size > 0) throw new UsageError([...faults.values()].join('\n'));
}

function remember(server: string, list: ToolList | undefined): void {
  if (list) lists.set(serverDefinition(server), list);
}

/* ---- on disk: only a saving of time, so that whatever goes wrong with it is no error ---- */

/** `null` for a user's own server: nobody knows when it is another one. */
function cachePath(server: string): string | null {
  const definition = serverDefinition(server);
  const { expectedTools, own } = definition;
  if (own) return null;
  const { version } = serverPackage(definition);
  return join(cacheFolder(), 'tools', `${server}-${version}-${expectedTools}.json`);
}

/** @throws UsageError where the list of a listed server cannot be read. */
function readKept(server: string): ToolList | undefined {
  const { listed } = serverDefinition(server);
  return listed ? listedToolList(listed.source) : readCached(server);
}

function readCached(server: string): ToolList | undefined {
  try {
    const path = cachePath(server);
    if (path === null) return undefined;
    const list = JSON.parse(readFileSync(path, 'utf8')) as ToolList;
    const isWhole = list.tools.length + list.quarantined.length >= serverDefinition(server).expectedTools;
    return isWhole ? list : undefined;
  } catch {
    return undefined;
  }
}

function writeCached(server: string, list: ToolList): void {
  try {
    const path = cachePath(server);
    if (path === null) return;
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(list));
    renameSync(`${path}.${process.pid}`, path);
  } catch {
    return; // read-only home or full disk: ask the server again next time
  }
}
