import { createHash } from 'node:crypto';
import { UsageError, WorldFailure } from '../../core/errors.ts';
import { recordingTape, replayingTape, withTape, type Tape, type TapeOptions } from '../../core/wire/tape.ts';
import type { Recording } from '../../core/wire/recording.ts';
import type { Replayed } from '../../core/wire/wire-types.ts';
import type { World, WorldParameters, WorldPool } from '../../core/types.ts';
import { WORLD_ROOT } from '../../core/world-root.ts';
import { aliasedWorld } from '../aliases/aliased-world.ts';
import { concealIn } from '../processes/secrets.ts';
import { serverDefinition } from '../server-list.ts';
import { startHashOf } from '../state/start-hash.ts';
import { toolspaceOf } from '../toolspaces.ts';
import { lateWorld } from './late-world.ts';
import { wiredWorld } from './wired-world.ts';

/** What is recorded goes to `keep`, an episode at a time: a `RecordedEpisode` as JSON. */
export interface PoolRecording {
  readonly keep: (episode: string, entry: string) => void;
}

/** By what episodes are answered, and who is told how far they were. */
export interface PoolReplay {
  readonly recording: Recording;
  readonly isStrict: boolean;
  readonly tell: (replayed: Replayed) => void;
}

/** Worlds of a pool whose conversations, and those of the policies that play in them, are recorded. */
export const recordedUse =
  (pool: WorldPool, { keep }: PoolRecording): WorldPool['use'] =>
  async (parameters, seed, work, episode) => {
    const tape = recordingTape(tapeOptions(parameters, seed, episode));
    const result = await playOn(tape, () => pool, parameters, seed, work);
    const recorded = tape.recorded();
    keep(recorded.episode, JSON.stringify(recorded));
    return result;
  };

/** Worlds that a recording answers for; `pool` is opened at the first request that it leaves open, which a strict replay never does. */
export const replayedUse =
  (pool: () => WorldPool, { recording, isStrict, tell }: PoolReplay): WorldPool['use'] =>
  async (parameters, seed, work, episode) => {
    const tape = replayingTape({ ...tapeOptions(parameters, seed, episode), recording, isStrict });
    try {
      return await playOn(tape, pool, parameters, seed, work, isStrict);
    } finally {
      tell(tape.replayed());
    }
  };

async function playOn<T>(
  tape: Tape,
  pool: () => WorldPool,
  parameters: WorldParameters,
  seed: number,
  work: (world: World) => Promise<T>,
  isStrict = false,
): Promise<T> {
  // What is recorded is what servers are asked, by their real names.
  const { aliases: _, ...real } = parameters;
  const late = lateWorld(pool, real, seed);
  try {
    const opening = wiredWorld(tape, toolspaceOf(parameters.servers), late.open);
    // Where not even its opening was recorded the episode is void, and the run goes on.
    const world = await (isStrict ? opening.catch((error: unknown) => brokenWorld(parameters, error)) : opening);
    return await withTape(tape, () => work(aliasedWorld(world, parameters)));
  } finally {
    await late.release();
  }
}

/** An episode that nobody named could not be told from another. */
function tapeOptions(parameters: WorldParameters, seed: number, episode: string | undefined): TapeOptions {
  if (episode === undefined)
    throw new UsageError('Only episodes of runs can be recorded and replayed: leave out --wire.');
  const start = createHash('sha256')
    .update(`${startHash(parameters)}\n${JSON.stringify(parameters.setUp ?? [])}\n${seed}`)
    .digest('hex');
  return { episode, start, conceal: concealIn };
}

/** As `World.startHash` without set-up calls; no server is started. */
function startHash({ servers, files }: WorldParameters): string {
  const definitions = servers.map(serverDefinition).filter(({ listed }) => !listed);
  return startHashOf(definitions, files);
}

function brokenWorld(parameters: WorldParameters, fault: unknown): World {
  if (!(fault instanceof WorldFailure)) throw fault;
  const refuse = () => Promise.reject(fault);
  return {
    toolspace: toolspaceOf(parameters.servers),
    root: WORLD_ROOT,
    startHash: startHash(parameters),
    fault,
    call: refuse,
    evidence: refuse,
    inspect: refuse,
  };
}
