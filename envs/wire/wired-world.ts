import type { Inspection } from '../../core/goal-types.ts';
import { errorOf, failureOf } from '../../core/wire/failures.ts';
import type { Tape } from '../../core/wire/tape.ts';
import type { RecordedFailure } from '../../core/wire/wire-types.ts';
import type { Toolspace, World } from '../../core/types.ts';
import { WORLD_ROOT } from '../../core/world-root.ts';

/** What opening a world gives, as a recording holds it. */
interface Opening extends Pick<World, 'startHash' | 'start'> {
  readonly fault?: RecordedFailure;
}

/**
 * A world whose conversations go through a tape. `live` opens the world behind it at the first request that the tape leaves to it; what
 * the tape answered before is then asked of that world first, so that it stands where the episode does. Rejects as `live` does.
 */
export async function wiredWorld(tape: Tape, toolspace: Toolspace, live: () => Promise<World>): Promise<World> {
  const caughtUp = catchingUp(live);
  /** Calls by server: a program may call several servers at a time, each in its own order. */
  const calls = new Map<string, unknown[]>();
  const ask = async <T>(
    connection: string,
    request: unknown,
    what: string,
    asked: (world: World) => Promise<T>,
  ): Promise<T> => {
    let isLive = false;
    try {
      return await tape.exchange(connection, request, what, async () => {
        isLive = true;
        return asked(await caughtUp.world());
      });
    } finally {
      if (!isLive) caughtUp.owe(asked);
    }
  };
  const askWorld = <T>(request: unknown, what: string, asked: (world: World) => Promise<T>) =>
    ask('world', [request, [...calls].sort(([a], [b]) => (a < b ? -1 : 1))], what, asked);

  const { startHash, start, fault } = await askWorld<Opening>('open', 'the opening of its world', async (world) => ({
    startHash: world.startHash,
    ...(world.start ? { start: world.start } : {}),
    ...faultOf(world),
  }));
  return {
    toolspace,
    root: WORLD_ROOT,
    startHash,
    ...(start ? { start } : {}),
    ...(fault ? { fault: errorOf(fault) } : {}),
    call: (server, tool, args) => {
      const request = [tool, args];
      calls.set(server, [...(calls.get(server) ?? []), request]);
      return ask(`server ${server}`, request, `a call of ${server}.${tool}`, (world) => world.call(server, tool, args));
    },
    evidence: () => askWorld('evidence', 'the question for its end state', (world) => world.evidence()),
    inspect: (inspections, episode) =>
      askWorld(['inspect', inspections.map(withoutPlace)], 'an inspection of its end state', (world) =>
        world.inspect(inspections, episode),
      ),
  };
}

/** Where a task file lies is another folder on another machine; what lies beside it has its hash in the suite's name. */
function withoutPlace(inspection: Inspection): object {
  if (inspection.kind === 'call') return inspection;
  const { folder: _, ...rest } = inspection;
  return rest;
}

type Asked = (world: World) => Promise<unknown>;

/** A live world that is asked first what it has missed. */
function catchingUp(live: () => Promise<World>) {
  const owed: Asked[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    owe: (asked: Asked) => void owed.push(asked),
    world: async (): Promise<World> => {
      const world = await live();
      // What fails now failed then, too: the recording says so.
      for (const asked of owed.splice(0)) last = last.then(() => asked(world)).catch(() => undefined);
      await last;
      return world;
    },
  };
}

function faultOf({ fault }: World): Pick<Opening, 'fault'> {
  const recorded = fault && failureOf(fault);
  return recorded ? { fault: recorded } : {};
}
