import { errorOf, failureOf } from '../../core/wire/failures.ts';
import type { Tape } from '../../core/wire/tape.ts';
import type { RecordedFailure } from '../../core/wire/wire-types.ts';
import type { Toolspace, World } from '../../core/types.ts';
import { WORLD_ROOT } from '../../core/world-root.ts';

/** What opening a world gives, as a recording holds it. */
interface Opening extends Pick<World, 'startHash' | 'start'> {
  readonly fault?: RecordedFailure;
}

const connection = 'world';

/**
 * A world whose conversations go through a tape. `live` opens the world behind it at the first request that the tape leaves to it; what
 * the tape answered before is then asked of that world first, so that it stands where the episode does. Rejects as `live` does.
 */
export async function wiredWorld(tape: Tape, toolspace: Toolspace, live: () => Promise<World>): Promise<World> {
  const behind: ((world: World) => Promise<unknown>)[] = [];
  const ask = async <T>(request: unknown, what: string, asked: (world: World) => Promise<T>): Promise<T> => {
    let isLive = false;
    try {
      const { answer } = await tape.exchange(connection, request, what, async () => {
        isLive = true;
        const world = await live();
        // What fails failed then, too: the record says so.
        for (const earlier of behind.splice(0)) await earlier(world).catch(() => undefined);
        return asked(world);
      });
      return answer;
    } finally {
      if (!isLive) behind.push(asked);
    }
  };
  const { startHash, start, fault } = await ask<Opening>('open', 'the opening of its world', async (world) => ({
    startHash: world.startHash,
    ...(world.start ? { start: world.start } : {}),
    ...faultOf(world),
  }));
  const call: World['call'] = (server, tool, args) =>
    ask(['call', server, tool, args], `a call of ${server}.${tool}`, (world) => world.call(server, tool, args));
  return {
    toolspace,
    root: WORLD_ROOT,
    startHash,
    ...(start ? { start } : {}),
    ...(fault ? { fault: errorOf(fault) } : {}),
    call,
    evidence: () => ask(['evidence'], 'the question for its end state', (world) => world.evidence()),
    inspect: (inspections, episode) =>
      ask(['inspect', inspections], 'an inspection of its end state', (world) => world.inspect(inspections, episode)),
  };
}

function faultOf({ fault }: World): Pick<Opening, 'fault'> {
  const recorded = fault && failureOf(fault);
  return recorded ? { fault: recorded } : {};
}
