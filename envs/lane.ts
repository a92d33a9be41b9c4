import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { WorldFailure } from '../core/errors.ts';
import type { Facts, JsonObject, ToolResult, WorldParameters } from '../core/types.ts';
import { type Berth, makeBerth, type Mooring, visibleRoot } from './processes/server-folders.ts';
import { serverDefinition } from './catalogue.ts';
import type { Connection } from './processes/connection.ts';
import { type Fixture, fixtureOf } from './state/fixture.ts';
import { startServer } from './processes/launch.ts';
import { installedPackage } from './processes/packages.ts';
import { type FolderNames, pathOutside } from './confinement/arguments.ts';
import { type PathMap, pathMap, WORLD_ROOT } from './paths.ts';
import type { ScriptFolder } from './processes/script.ts';
import { conceal } from './processes/secrets.ts';
import type { ServerDefinition, Tree } from './server-definition.ts';
import type { Supervisor } from './processes/supervisor.ts';
import { equalTrees, readTree, restoreTree } from './state/files/tree.ts';

/** One server of a lane: its folder, its process once started, and what is known of both. */
interface Slot {
  readonly definition: ServerDefinition;
  readonly berth: Berth;
  readonly paths: PathMap;
  connection: Connection | undefined;
  /** State that the folder held when last looked at; undefined when unknown. */
  held: Fixture | undefined;
  /** What its folder held when evidence was taken, no call made since. */
  seen: Tree | undefined;
  /** A call was made since then. */
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

/** A folder with its own server processes; one episode at a time. */
export interface Lane {
  /** Puts every offered server into its start state; returns the hash over them, read back from disk. */
  readonly reset: (parameters: WorldParameters, seed: number) => string;
  readonly call: (server: string, tool: string, args: JsonObject) => Promise<ToolResult>;
  readonly evidence: () => Facts;
  /** Folders of the offered servers for a program that may change them. */
  readonly bare: () => readonly ScriptFolder[];
  /** A text that names real paths, as the record may hold it. */
  readonly outward: (text: string) => string;
  /** Ends processes that must not serve another episode. */
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface LaneOptions {
  readonly mooring: Mooring;
  readonly supervisor: Supervisor;
  readonly callDeadlineMilliseconds: number;
  /** Limits how many processes start at a time. */
  readonly limitStart: <T>(start: () => Promise<T>) => Promise<T>;
}

export function openLane(options: LaneOptions): Lane {
  const slots = new Map<string, Slot>();
  let offered: readonly Slot[] = [];
  let preface = '';

  const slotOf = (server: string): Slot => {
    const slot = slots.get(server) ?? openSlot(options, serverDefinition(server));
    slots.set(server, slot);
    return slot;
  };
  return {
    reset: (parameters, seed) => {
      preface = resetLine(seed);
      offered = parameters.servers.map(slotOf);
      return resetSlots(offered, parameters);
    },
    call: async (server, tool, args) => {
      const slot = offered.find((one) => one.definition.name === server);
      if (!slot) throw new WorldFailure(`Server ${server} is not offered in this world`);
      const refused = refusal(slot, tool, args);
      if (refused) return refused;
      const connection = await connectionOf(slot, options);
      const isFirst = !slot.isUsed;
      slot.isUsed = true;
      slot.isDirty = true;
      slot.seen = undefined;
      noteTraces(slot, tool);
      const isReset = isFirst && slot.definition.own === undefined;
      const result = await connection.call(tool, slot.paths.inward(JSON.stringify(args)), isReset ? preface : '');
      const text = slot.paths.outward(result.text);
      return text === result.text ? result : { text, isError: result.isError };
    },
    evidence: () => Object.fromEntries(offered.flatMap((slot) => evidenceOf(slot))),
    bare: () =>
      offered.map((slot) => {
        slot.isDirty = true;
        slot.seen = undefined;
        return { server: slot.definition.name, folder: slot.berth.folder };
      }),
    outward: (text) => offered.reduce((mapped, slot) => slot.paths.outward(mapped), text),
    settle: async () => {
      for (const slot of offered) keepFolder(slot);
      for (const slot of offered) if (slot.mustRestart || slot.undo.size > 0) await cleanMemory(slot);
    },
    close: async () => {
      await Promise.all([...slots.values()].map(closeSlot));
    },
  };
}

/** Heeded by the clock preload; a server that has none ignores it as an unknown notification. */
const resetLine = (seed: number) =>
  `{"jsonrpc":"2.0","method":"notifications/toolstone/reset","params":{"seed":${seed}}}\n`;

function openSlot(options: LaneOptions, definition: ServerDefinition): Slot {
  const berth = makeBerth(definition, options.mooring);
  const program = definition.own?.source.folder ?? installedPackage(definition.package).realRoot;
  const { inward, outward } = pathMap(visibleRoot(berth), program);
  // A server of the catalogue may read what a user's own left lying about.
  const paths = { inward, outward: (text: string) => conceal(outward(text)) };
  const state = {
    connection: undefined,
    held: undefined,
    seen: undefined,
    isDirty: true,
    isUsed: false,
    mustRestart: false,
    calls: 0,
    undo: new Map(),
  };
  return { definition, berth, paths, ...state };
}

/** Refused here, with bubblewrap or without, so that both give the same bytes. A user's own server goes where it likes. */
function refusal({ definition, berth }: Slot, tool: string, args: JsonObject): ToolResult | undefined {
  if (definition.withheld.includes(tool)) return { text: `There is no tool ${tool}.`, isError: true };
  if (definition.own) return undefined;
  const fault = faultOf(definition, { world: `${WORLD_ROOT}/${definition.name}`, real: berth.folder }, tool, args);
  return fault === undefined ? undefined : { text: `Refused: ${fault}.`, isError: true };
}

function faultOf(
  definition: ServerDefinition,
  folder: FolderNames,
  tool: string,
  args: JsonObject,
): string | undefined {
  const fault = definition.refuses?.(args, tool);
  if (fault !== undefined) return fault;
  const path = pathOutside(args, folder, definition);
  return path === undefined
    ? definition.unsafeState?.(folder.real, folder.world)
    : `${path} is outside ${folder.world}`;
}

async function connectionOf(slot: Slot, options: LaneOptions): Promise<Connection> {
  if (slot.connection?.isAlive()) return slot.connection;
  const diedInEpisode = slot.connection !== undefined && slot.isUsed;
  slot.connection = undefined;
  if (diedInEpisode) throw new WorldFailure(`Server ${slot.definition.name} died during the episode`);
  const { callDeadlineMilliseconds, supervisor } = options;
  slot.connection = await options.limitStart(() =>
    startServer(slot.definition, slot.berth, callDeadlineMilliseconds, supervisor),
  );
  return slot.connection;
}

function noteTraces(slot: Slot, tool: string): void {
  const { own, restartAfter, restartAfterCalls, undoneBy } = slot.definition;
  slot.calls++;
  if (own || restartAfter.includes(tool) || slot.calls >= restartAfterCalls) slot.mustRestart = true;
  const undo = undoneBy[tool];
  if (undo) slot.undo.set(undo.tool, undo.arguments);
}

/** A tool may have removed the very folder in which its server works; that process is lost then. */
function keepFolder(slot: Slot): void {
  if (!slot.isUsed || existsSync(slot.berth.folder)) return;
  mkdirSync(slot.berth.folder);
  slot.mustRestart = true;
}

/** Takes from process memory what the episode's calls left there; a server that cannot is ended. */
async function cleanMemory(slot: Slot): Promise<void> {
  const undo = [...slot.undo];
  slot.undo.clear();
  let isClean = !slot.mustRestart;
  for (const [tool, args] of undo) {
    if (!isClean || !slot.connection?.isAlive()) break;
    const result = await slot.connection.call(tool, JSON.stringify(args)).catch(() => undefined);
    isClean = result?.isError === false;
  }
  if (!isClean) await closeSlot(slot);
}

async function closeSlot(slot: Slot): Promise<void> {
  const { connection } = slot;
  slot.connection = undefined;
  slot.mustRestart = false;
  slot.calls = 0;
  await connection?.close();
}

function resetSlots(slots: readonly Slot[], parameters: WorldParameters): string {
  const whole = createHash('sha256');
  for (const slot of slots) {
    const { name } = slot.definition;
    const fixture = fixtureOf(slot.definition, parameters.files[name]);
    if (slot.isDirty || slot.held !== fixture) restoreSlot(slot, fixture);
    slot.isUsed = false;
    whole.update(`${name}:${fixture.hash}\n`);
  }
  return whole.digest('hex');
}

function restoreSlot(slot: Slot, fixture: Fixture): void {
  const { seen } = slot;
  slot.seen = undefined;
  slot.held = undefined;
  if (!(seen && isRestoredFrom(seen, slot, fixture)) && !isRestored(slot, fixture)) {
    throw new WorldFailure(`The folder of server ${slot.definition.name} could not be reset to its start state`);
  }
  for (const name of readdirSync(slot.berth.home)) {
    rmSync(`${slot.berth.home}/${name}`, { recursive: true, force: true });
  }
  slot.held = fixture;
  slot.isDirty = false;
}

/** A tree found equal, byte by byte, needs no second look. */
function isRestored({ berth }: Slot, { tree }: Fixture): boolean {
  return !restoreTree(berth.folder, tree) || equalTrees(readTree(berth.folder), tree);
}

/** One look saved; a server that wrote after it is found out, and nothing is lost but the saving. */
function isRestoredFrom(seen: Tree, { berth }: Slot, { tree }: Fixture): boolean {
  try {
    restoreTree(berth.folder, tree, seen);
  } catch {
    return false;
  }
  return equalTrees(readTree(berth.folder), tree);
}

/** A server that was not called still holds its fixture, whose facts are known. */
function evidenceOf(slot: Slot): [string, readonly string[]][] {
  const { definition, held, isDirty } = slot;
  if (!definition.facts) return [];
  if (!isDirty && held?.facts) return [[definition.name, held.facts]];
  const tree: Tree = existsSync(slot.berth.folder) ? readTree(slot.berth.folder) : new Map();
  slot.seen = tree;
  return [[definition.name, definition.facts(tree).map(slot.paths.outward).sort()]];
}
