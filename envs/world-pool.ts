import { join } from 'node:path';
import pLimit from 'p-limit';
import type { ConfinementLevel } from '../core/confinement.ts';
import { messageOf, UsageError, WorldDamage, WorldFailure } from '../core/errors.ts';
import type { Facts } from '../core/facts.ts';
import type { World, WorldParameters, WorldPool } from '../core/types.ts';
import { WORLD_ROOT } from '../core/world-root.ts';
import { aliasedWorld } from './aliases/aliased-world.ts';
import { confinement } from './confinement/choice.ts';
import { DEFAULT_CALL_DEADLINE_MILLISECONDS, STARTS_AT_A_TIME } from './processes/connection.ts';
import { startFacts } from './state/start-facts.ts';
import { inspectWorld } from './inspections.ts';
import { type Lane, openLane } from './lane.ts';
import { setUp } from './set-up.ts';
import { startSupervisor } from './processes/supervisor.ts';
import { toolspaceOf } from './toolspaces.ts';
import { makeWorldFolders } from './world-folders.ts';

export interface WorldPoolOptions {
  /** Episodes at a time; each lane has its own folder and its own server processes. */
  readonly lanes: number;
  /** A call that takes longer kills its server and voids the episode. Default 10 s. */
  readonly callDeadlineMilliseconds?: number;
  /** How servers are confined; by default as this thread chose (`confinement/choice.ts`). It has to work here. */
  readonly level?: ConfinementLevel;
}

/** Opens lanes lazily: a lane's folder at its first episode, a server's process at its first call. */
export function openWorldPool(options: WorldPoolOptions): WorldPool {
  if (!Number.isInteger(options.lanes) || options.lanes < 1) {
    throw new UsageError(`A world pool needs a whole number of lanes from 1, not ${options.lanes}.`);
  }
  const { callDeadlineMilliseconds = DEFAULT_CALL_DEADLINE_MILLISECONDS, level = confinement().level } = options;
  const supervisor = startSupervisor();
  const folders = makeWorldFolders(supervisor.addFolder);
  const limitStart = pLimit(STARTS_AT_A_TIME);
  const open = (index: number) =>
    openLane({
      placement: {
        folder: join(folders.main, `lane-${index}`),
        folderFor: (server) => join(folders.folderFor(server), `lane-${index}`),
        level,
      },
      supervisor,
      callDeadlineMilliseconds,
      limitStart,
    });
  const lanes: Lane[] = [];
  const free: Lane[] = [];
  const waiting: ((lane: Lane) => void)[] = [];
  let isDisposed = false;

  const borrow = (): Lane | Promise<Lane> => {
    if (isDisposed) throw new WorldFailure('The world pool is disposed of');
    const lane = free.pop();
    if (lane) return lane;
    if (lanes.length === options.lanes) return new Promise<Lane>((resolve) => waiting.push(resolve));
    const opened = open(lanes.length);
    lanes.push(opened);
    return opened;
  };
  const giveBack = (lane: Lane) => {
    const next = waiting.shift();
    if (next) next(lane);
    else free.push(lane);
  };
  return {
    use: async (parameters, seed, work) => {
      const lane = await borrow();
      try {
        return await work(await openWorld(lane, parameters, seed, level));
      } finally {
        await lane.settle();
        giveBack(lane);
      }
    },
    factsOf,
    toolspaceOf,
    dispose: async () => {
      isDisposed = true;
      await Promise.all(lanes.map((lane) => lane.close()));
      folders.remove();
      await supervisor.close();
    },
  };
}

async function openWorld(
  lane: Lane,
  parameters: WorldParameters,
  seed: number,
  level: ConfinementLevel,
): Promise<World> {
  const toolspace = toolspaceOf(parameters.servers);
  const startHash = await onDisk('reset', () => lane.reset(parameters, seed));
  const evidence = async () => onDisk('read', lane.evidence);
  const inspect: World['inspect'] = (inspections, episode) => inspectWorld(inspections, { ...lane, level, episode });
  const world = { toolspace, root: WORLD_ROOT, startHash, call: lane.call, evidence, inspect };
  return aliasedWorld(parameters.setUp ? await setUp(world, parameters.setUp) : world, parameters);
}

/** What breaks while files are read or put in place (a full disk, say) voids the episode. */
async function onDisk<T>(verb: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UsageError || error instanceof WorldFailure || error instanceof WorldDamage) throw error;
    throw new WorldFailure(`The world could not be ${verb}: ${messageOf(error)}`, { cause: error });
  }
}

const fixtureFacts = new WeakMap<WorldParameters, Facts>();

/** As `WorldPool` says. */
export function factsOf(parameters: WorldParameters): Facts {
  const cached = fixtureFacts.get(parameters);
  if (cached) return cached;
  const facts = startFacts(parameters.servers, parameters.files);
  fixtureFacts.set(parameters, facts);
  return facts;
}
