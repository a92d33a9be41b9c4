import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { UsageError } from '../errors.ts';
import type { Crew } from '../run/job-worker.ts';
import type { QueueAddress } from './address.ts';
import { packed } from './coding.ts';
import type { Refusal } from './coordinator.ts';
import * as names from './names.ts';
import { takePieces } from './piece-taker.ts';
import { inWords } from './redis-errors.ts';
import { cutRedis, openQueue, openRedis } from './redis.ts';

/** What plays a run on this machine. */
export interface SessionPlayer extends Pick<Crew, 'startWorker' | 'width'> {
  readonly close: () => Promise<void>;
}

export interface ServeQueueOptions {
  readonly address: QueueAddress;
  /** Ends with the first run. */
  readonly isOnce: boolean;
  /** Makes ready to play a run; throws `UsageError` where this machine cannot play it as the coordinator would. */
  readonly prepare: (session: names.Session) => Promise<SessionPlayer>;
  readonly tell: (sentence: string) => void;
  /** Ends the work in good order: what is not finished goes to another worker. Nothing that Redis does or fails to do delays or breaks that. */
  readonly signal: AbortSignal;
}

const lookMilliseconds = 2_000;

/** A coordinator that is not heard of for so long is gone: a Redis that is restarted forgets it for a moment. */
const goneMilliseconds = 3 * names.holderMilliseconds;

/** Plays what coordinators put into a queue, run after run, until it is told to stop. Throws `UsageError`. */
export async function serveQueue(options: ServeQueueOptions): Promise<void> {
  const { address, isOnce, tell, signal } = options;
  const redis = await openRedis(address, true);
  // Over this connection runs are only looked for: whoever is told to stop waits for no answer.
  const cut = () => cutRedis(redis);
  signal.addEventListener('abort', cut, { once: true });
  let isTold = false;
  try {
    while (!signal.aborted) {
      const session = await sessionIn(redis);
      if (session === undefined) {
        if (!isTold) tell(`Waiting for a run in the queue ${address.shown}.`);
        isTold = true;
        await delay(lookMilliseconds, undefined, { signal });
        continue;
      }
      isTold = false;
      await playSession(redis, session, options);
      if (isOnce) return;
    }
  } catch (error) {
    if (!signal.aborted) throw inWords(error, address);
  } finally {
    signal.removeEventListener('abort', cut);
    cut();
  }
}

/** The run that a living coordinator has put into the queue. */
async function sessionIn(redis: Redis): Promise<names.Session | undefined> {
  const [text, holder] = await redis.mget(names.sessionKey, names.holderKey);
  return text && holder ? (JSON.parse(text) as names.Session) : undefined;
}

/** Over a connection of its own, since a worker that is told to stop gives work back by it. */
async function playSession(redis: Redis, session: names.Session, options: ServeQueueOptions): Promise<void> {
  const { prepare, tell, signal } = options;
  const connection = redis.duplicate();
  connection.on('error', () => undefined); // a Redis that does not answer is waited for
  const cut = () => cutRedis(connection);
  signal.addEventListener('abort', cut, { once: true });
  const parcels = openQueue(connection, names.parcelsQueue(session.id));
  const put = async (name: string, data: string, jobId: string): Promise<void> => {
    await parcels.add(name, data, { jobId, removeOnComplete: true, removeOnFail: true });
  };
  const me = `${hostname()}:${process.pid}`;
  let player: SessionPlayer | undefined;
  try {
    tell(`Checking whether this machine can play the run ${session.run} of ${session.host}.`);
    player = await prepare(session).catch(async (error: unknown) => {
      if (error instanceof UsageError)
        await put('refusal', packed({ worker: me, why: error.message } satisfies Refusal), `refusal-${randomUUID()}`);
      throw error;
    });
    const taker = await takePieces({ connection, session: session.id, name: me.replaceAll(':', '-'), player, put });
    // From now on there may be work to give back.
    signal.removeEventListener('abort', cut);
    try {
      tell(`Playing the run ${session.run}, ${player.width} at a time.`);
      await Promise.race([untilOver(redis, session.id, signal), taker.running]);
      tell(
        signal.aborted ? 'Stopping; other workers play what is not finished.' : `The run ${session.run} is over here.`,
      );
    } finally {
      await taker.stop();
    }
  } finally {
    signal.removeEventListener('abort', cut);
    cut();
    await player?.close();
  }
}

/** Resolves once the coordinator has ended the run, is gone or has begun another, or the signal says so. */
async function untilOver(redis: Redis, id: string, signal: AbortSignal): Promise<void> {
  let heard = performance.now();
  try {
    while (!signal.aborted) {
      const session = await sessionIn(redis);
      if (session?.id === id) heard = performance.now();
      else if (session || performance.now() - heard > goneMilliseconds) return;
      else if ((await redis.exists(names.sessionKey)) !== 1) return;
      await delay(lookMilliseconds, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
