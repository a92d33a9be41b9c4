import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { messageOf, UsageError, WorldDamage, WorldFailure } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { ToolResult, WorldParameters } from '../core/types.ts';
import { type PathMap, pathMap } from './path-map.ts';
import type { Connection } from './processes/connection.ts';
import { startServer } from './processes/launch.ts';
import { endProcessesOf } from './processes/leftovers.ts';
import { serverPackage } from './processes/packages.ts';
import type { ScriptFolder } from './processes/verifier-script.ts';
import { conceal } from './processes/secrets.ts';
import { runReset, startsAnew } from './processes/reset.ts';
import { startInWorld } from './processes/starts.ts';
import {
  knownPaths,
  type LanePlacement,
  makeServerFolders,
  type ServerFolders,
  visibleRoot,
} from './processes/server-folders.ts';
import type { Supervisor } from './processes/supervisor.ts';
import type { ServerDefinition, Tree } from './server-definition.ts';
import { boundedFacts } from './state/bounded-facts.ts';
import { removeWhole } from './state/files/removal.ts';
import { equalTrees, readTree, restoreTree } from './state/files/tree.ts';
import { type Fixture, fixtureOf } from './state/fixture.ts';
import { startHashOf } from './state/start-hash.ts';

export interface LaneOptions {
  readonly placement: LanePlacement;
  readonly supervisor: Supervisor;
  readonly callDeadlineMilliseconds: number;
  /** Limits how many processes start at a time. */
  readonly limitStart: <T>(start: () => Promise<T>) => Promise<T>;
}

/** One server of a lane: its folders, its process once started, and what is known of both. */
export interface LaneServer {
  readonly definition: ServerDefinition;
  readonly folders: ServerFolders;
  readonly paths: PathMap;
  connection: Connection | undefined;
  /** State that the folder held when last looked at; undefined when unknown. */
  fixture: Fixture | undefined;
  /** What its folder held when evidence was taken, no call made since. */
  evidenceTree: Tree | undefined;
  /** What lies in its folder cannot be read back. */
  isDamaged: boolean;
  /** A call was made since `fixture` was put in place. */
  isDirty: boolean;
  /** Called in this episode, so that the seed was given. */
  isUsed: boolean;
  /** A call left something in process memory that only a restart takes away. */
  mustRestart: boolean;
  /** Calls that its process has answered. */
  calls: number;
  /** Calls that take away what others left in process memory. */
  readonly undo: Map<string, JsonObject>;
}

/** Makes its folders; the process starts at the first call. */
export function openLaneServer({ placement }: LaneOptions, definition: ServerDefinition): LaneServer {
  const folders = makeServerFolders(definition, placement);
  const program = definition.own?.source.folder ?? serverPackage(definition).realRoot;
  const { inward, outward } = pathMap(visibleRoot(folders), knownPaths(folders), program);
  // A server of the catalogue may read what a user's own left lying about.
  const paths = { inward, outward: (text: string) => conceal(outward(text)) };
  const state = {
    connection: undefined,
    fixture: undefined,
    evidenceTree: undefined,
    isDamaged: false,
    isDirty: true,
    isUsed: false,
    mustRestart: false,
    calls: 0,
    undo: new Map(),
  };
  return { definition, folders, paths, ...state };
}

/* ---- calls ---- */

/** `preface`: lines that go before the first call of an episode. */
export async function callServer(
  server: LaneServer,
  tool: string,
  args: JsonObject,
  preface: string,
  options: LaneOptions,
): Promise<ToolResult> {
  const connection = await connectionOf(server, options);
  const isFirst = !server.isUsed;
  server.isUsed = true;
  markDirty(server);
  noteTraces(server, tool);
  const isReset = isFirst && server.definition.own === undefined;
  const result = await connection.call(tool, server.paths.inward(JSON.stringify(args)), isReset ? preface : '');
  const { outward } = server.paths;
  const { structured, notice } = result;
  return {
    ...result,
    text: outward(result.text),
    ...(structured === undefined ? {} : { structured: outward(structured) }),
    ...(notice === undefined ? {} : { notice: outward(notice) }),
  };
}

function markDirty(server: LaneServer): void {
  server.isDirty = true;
  server.evidenceTree = undefined;
}

/** Its folder for a program, from now on no longer known to be untouched. */
export function openToPrograms(server: LaneServer): ScriptFolder {
  markDirty(server);
  return { server: server.definition.name, folder: server.folders.state };
}

async function connectionOf(server: LaneServer, options: LaneOptions): Promise<Connection> {
  if (server.connection?.isAlive()) return server.connection;
  await refuseDead(server);
  server.connection = undefined;
  const { callDeadlineMilliseconds, supervisor } = options;
  server.connection = await startInWorld(server.definition.name, () =>
    options.limitStart(() => startServer(server.definition, server.folders, callDeadlineMilliseconds, supervisor)),
  );
  return server.connection;
}

/**
 * A server that ended by itself, with nobody waiting for an answer, is the world's fault: what it still knew is lost, and so
 * may be what it had promised to write.
 */
async function refuseDead({ definition, connection, isUsed }: LaneServer): Promise<void> {
  if (!isUsed || connection === undefined || connection.isAlive()) return;
  const how = (await connection.fate()) || `Server ${definition.name} is gone.`;
  throw new WorldFailure(`Server ${definition.name} ended by itself after an answer: ${how}`);
}

function noteTraces(server: LaneServer, tool: string): void {
  const { restartAfter, restartAfterCalls, undoneBy } = server.definition;
  server.calls++;
  if (startsAnew(server.definition) || restartAfter.includes(tool) || server.calls >= restartAfterCalls)
    server.mustRestart = true;
  const undo = undoneBy[tool];
  if (undo) server.undo.set(undo.tool, undo.arguments);
}

/* ---- between episodes ---- */

/** A tool may have removed the very folder in which its server works; that process is lost then. */
export function keepFolder(server: LaneServer): void {
  if (!server.isUsed || existsSync(server.folders.state)) return;
  mkdirSync(server.folders.state);
  server.mustRestart = true;
}

/** Takes from process memory what the episode's calls left there; a server that cannot is ended. */
export async function cleanMemory(server: LaneServer): Promise<void> {
  const undo = [...server.undo];
  server.undo.clear();
  let isClean = !server.mustRestart;
  for (const [tool, args] of undo) {
    if (!isClean || !server.connection?.isAlive()) break;
    const result = await server.connection.call(tool, JSON.stringify(args)).catch(() => undefined);
    isClean = result?.isError === false;
  }
  if (!isClean) await closeServer(server);
}

export async function closeServer(server: LaneServer): Promise<void> {
  const { connection } = server;
  server.connection = undefined;
  server.mustRestart = false;
  server.calls = 0;
  await connection?.close();
  // Those of the catalogue start nothing that stays; what they did start ends with their lane's folder.
  if (connection && server.definition.own?.reach.kind === 'stdio') endProcessesOf(server.folders.home);
}

/** Puts servers into their start states; returns the hash over them. */
export async function resetServers(
  servers: readonly LaneServer[],
  parameters: WorldParameters,
  { callDeadlineMilliseconds }: Pick<LaneOptions, 'callDeadlineMilliseconds'>,
): Promise<string> {
  for (const server of servers) {
    const { name } = server.definition;
    const fixture = fixtureOf(server.definition, parameters.files[name]);
    if (server.isDirty || server.fixture !== fixture) await restore(server, fixture);
    server.isUsed = false;
    if (await runReset(server.definition, server.folders, callDeadlineMilliseconds)) markDirty(server);
  }
  return startHashOf(
    servers.map(({ definition }) => definition),
    parameters.files,
  );
}

async function restore(server: LaneServer, fixture: Fixture): Promise<void> {
  const { evidenceTree } = server;
  server.evidenceTree = undefined;
  server.fixture = undefined;
  const isReady = evidenceTree !== undefined && isRestoredFrom(evidenceTree, server, fixture);
  if ((!isReady && !isRestoredAsItIs(server, fixture)) || !isClean(server)) {
    await remake(server);
    if (!isRestored(server, fixture))
      throw new WorldFailure(`The folder of server ${server.definition.name} could not be reset to its start state`);
  }
  server.fixture = fixture;
  server.isDirty = false;
}

/** Ends the server and makes its folders anew: what an episode left there can be neither read nor taken away piece by piece. */
export async function remake(server: LaneServer): Promise<void> {
  const { definition, folders } = server;
  server.undo.clear();
  await closeServer(server);
  if (!removeWhole(folders.root))
    throw new WorldFailure(`The folder of server ${definition.name} could not be removed`);
  for (const folder of [folders.state, folders.home]) mkdirSync(folder, { recursive: true });
  server.fixture = undefined;
  server.evidenceTree = undefined;
  server.isDirty = true;
  server.isDamaged = false;
}

function isRestoredAsItIs(server: LaneServer, fixture: Fixture): boolean {
  try {
    return isRestored(server, fixture);
  } catch {
    return false;
  }
}

/** Takes away what lies beside the state: all that its HOME holds, and what was put above either. */
function isClean({ definition: { name }, folders: { root, home } }: LaneServer): boolean {
  return isEmptied(home) && isEmptied(dirname(home), name) && isEmptied(root, name, basename(dirname(home)));
}

function isEmptied(folder: string, ...kept: readonly string[]): boolean {
  try {
    const names = namesBut(folder, kept);
    for (const name of names) rmSync(`${folder}/${name}`, { recursive: true, force: true });
    // A name that is no text is not found under what it was read as.
    return names.length === 0 || namesBut(folder, kept).length === 0;
  } catch {
    return false;
  }
}

const namesBut = (folder: string, kept: readonly string[]) =>
  readdirSync(folder).filter((name) => !kept.includes(name));

/** A tree found equal, byte by byte, needs no second look. */
function isRestored({ folders: { state } }: LaneServer, { tree }: Fixture): boolean {
  return !restoreTree(state, tree) || equalTrees(readTree(state), tree);
}

/** One look saved; a server that wrote after it is found out, and nothing is lost but the saving. */
function isRestoredFrom(evidenceTree: Tree, { folders: { state } }: LaneServer, { tree }: Fixture): boolean {
  try {
    restoreTree(state, tree, evidenceTree);
  } catch {
    return false;
  }
  return equalTrees(readTree(state), tree);
}

/** Errors of a machine that has no more to give; whatever else goes wrong while a state is read lies in the state. */
const SHORTAGES = new Set(['EIO', 'EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT']);
const isOurs = (error: unknown): boolean =>
  error instanceof UsageError ||
  error instanceof WorldFailure ||
  SHORTAGES.has((error as NodeJS.ErrnoException).code ?? '');

/**
 * A server that was not called still holds its fixture, whose facts are known.
 * @throws WorldDamage where its calls left what cannot be read, WorldFailure where it ended by itself.
 */
export async function evidenceOf(server: LaneServer): Promise<[string, readonly string[]][]> {
  const { definition, folders, fixture, isDirty } = server;
  if (!definition.facts) return [];
  if (!isDirty && fixture?.facts) return [[definition.name, fixture.facts]];
  try {
    const tree: Tree = existsSync(folders.state) ? readTree(folders.state) : new Map();
    server.evidenceTree = tree;
    await refuseDead(server);
    return [[definition.name, boundedFacts(definition.facts(tree)).map(server.paths.outward).sort()]];
  } catch (error) {
    if (isOurs(error)) throw error;
    server.isDamaged = true;
    throw new WorldDamage(`Server ${definition.name}: ${messageOf(error)}`, { cause: error });
  }
}
