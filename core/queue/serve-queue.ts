import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, WaitingError, Worker, type Job as QueuedJob } from 'bullmq';
import type { Redis } from 'ioredis';
import { UsageError } from '../errors.ts';
import { failureOf, type Crew, type JobRequest, type JobWorker } from '../run/job-worker.ts';
import type { QueueAddress } from './address.ts';
import { packed, unpacked } from './coding.ts';
import type { Refusal } from './coordinator.ts';
import * as names from './names.ts';
import { parcelSender } from './parcel-sender.ts';
import type { Parcel } from './parcels.ts';
import { openRedis, sayingFull } from './redis.ts';

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
  /** Ends the work in good order: what is not finished goes to another worker. */
  readonly signal: AbortSignal;
}

const lookMilliseconds = 2_000;

/** For what is given back to a Redis that may be down. */
const closeMilliseconds = 5_000;

/** A coordinator that is not heard of for so long is gone: a Redis that is restarted forgets it for a moment. */
const goneMilliseconds = 3 * names.holderMilliseconds;

/** Plays what coordinators put into a queue, run after run, until it is told to stop. Throws `UsageError`. */
export async function serveQueue(options: ServeQueueOptions): Promise<void> {
  const { address, isOnce, tell, signal } = options;
  const redis = await openRedis(address, true);
  let isTold = false;
  try {
    while (!signal.aborted) {
      const session = await sessionIn(redis);
      if (session === undefined) {
        if (!isTold) tell(`Waiting for a run in the queue ${address.shown}.`);
        isTold = true;
        await delay(lookMilliseconds, undefined, { signal }).catch(() => undefined);
        continue;
      }
      isTold = false;
      await playSession(redis, session, options);
      if (isOnce) return;
    }
  } catch (error) {
    throw sayingFull(error, address.shown);
  } finally {
    redis.disconnect();
  }
}

/** The run that a living coordinator has put into the queue. */
async function sessionIn(redis: Redis): Promise<names.Session | undefined> {
  const [text, holder] = await redis.mget(names.sessionKey, names.holderKey);
  return text && holder ? (JSON.parse(text) as names.Session) : undefined;
}

async function playSession(redis: Redis, session: names.Session, options: ServeQueueOptions): Promise<void> {
  const { prepare, tell, signal } = options;
  // Of this session alone: what closes its queues may close their connection, too.
  const connection = redis.duplicate();
  connection.on('error', () => undefined); // a Redis that does not answer is waited for
  const opened = { connection, prefix: names.prefix };
  const parcels = new Queue(names.parcelsQueue(session.id), opened);
  parcels.on('error', () => undefined);
  const put = async (name: string, data: string, jobId: string): Promise<void> => {
    await parcels.add(name, data, { jobId, removeOnComplete: true, removeOnFail: true });
  };
  const me = `${hostname()}:${process.pid}`;
  tell(`Checking whether this machine can play the run ${session.run} of ${session.host}.`);
  let player: SessionPlayer;
  try {
    player = await prepare(session);
  } catch (error) {
    if (error instanceof UsageError)
      await put('refusal', packed({ worker: me, why: error.message } satisfies Refusal), `refusal-${randomUUID()}`);
    connection.disconnect();
    throw error;
  }
  const over = new AbortController();
  const send = (parcel: Parcel) => put('parcel', packed(parcel), `${parcel.piece}-${parcel.attempt}-${parcel.ordinal}`);
  const threads = threadPool(player);
  const ending = AbortSignal.any([signal, over.signal]);
  ending.addEventListener('abort', () => void threads.stop(), { once: true });
  const pieces = new Worker<string>(
    names.piecesQueue(session.id),
    (job, token) => playPiece(job, token, threads, send, ending),
    {
      ...opened,
      name: me.replaceAll(':', '-'),
      concurrency: player.width,
      lockDuration: names.lockMilliseconds,
      stalledInterval: names.stalledMilliseconds,
      maxStalledCount: names.mostDeaths,
      // One that is closed while it starts would not end.
      autorun: false,
    },
  );
  pieces.on('error', () => undefined);
  try {
    await pieces.waitUntilReady();
    void pieces.run();
    tell(`Playing the run ${session.run}, ${player.width} at a time.`);
    await untilOver(redis, session.id, signal);
    tell(
      signal.aborted ? 'Stopping; other workers play what is not finished.' : `The run ${session.run} is over here.`,
    );
  } finally {
    over.abort();
    await threads.stop();
    await Promise.race([pieces.close(!signal.aborted), delay(closeMilliseconds, undefined, { ref: false })]);
    await Promise.race([pieces.disconnect(), delay(closeMilliseconds, undefined, { ref: false })]);
    connection.disconnect();
    await player.close();
  }
}

/** Resolves once the coordinator has ended the run, is gone or has begun another, or the signal says so. */
async function untilOver(redis: Redis, id: string, signal: AbortSignal): Promise<void> {
  let heard = performance.now();
  while (!signal.aborted) {
    const session = await Promise.race([sessionIn(redis), aborted(signal)]);
    if (session === 'aborted') return;
    if (session?.id === id) heard = performance.now();
    else if (session || performance.now() - heard > goneMilliseconds) return;
    else if ((await Promise.race([redis.exists(names.sessionKey), aborted(signal)])) !== 1) return;
    await delay(lookMilliseconds, undefined, { signal }).catch(() => undefined);
  }
}

const aborted = (signal: AbortSignal): Promise<'aborted'> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }));

/** Threads of this machine, each for a piece of work at a time. */
function threadPool({ startWorker }: SessionPlayer) {
  const free: JobWorker[] = [];
  const all = new Set<JobWorker>();
  const drop = async (thread: JobWorker) => {
    all.delete(thread);
    await thread.stop().catch(() => undefined);
  };
  return {
    use: async (work: (thread: JobWorker) => Promise<void>): Promise<void> => {
      const thread = free.pop() ?? startWorker();
      all.add(thread);
      try {
        await work(thread);
        free.push(thread);
      } catch (error) {
        // Whatever broke it may have broken the thread.
        await drop(thread);
        throw error;
      }
    },
    stop: async () => {
      await Promise.all([...all].map(drop));
    },
  };
}

/** Plays a piece of work and sends what comes of it; one that this worker must leave goes back into the queue. */
async function playPiece(
  job: QueuedJob<string>,
  token: string | undefined,
  threads: ReturnType<typeof threadPool>,
  send: (parcel: Parcel) => Promise<void>,
  ending: AbortSignal,
): Promise<void> {
  const request = unpacked(job.data) as JobRequest;
  const attempt = { piece: job.id ?? '', attempt: randomUUID(), from: request.resume?.update ?? null };
  const sender = parcelSender(attempt, send, ending);
  try {
    await threads.use((thread) => thread.run(request, sender.add));
    await sender.end({ kind: 'done' });
  } catch (error) {
    if (!ending.aborted) return sender.end({ kind: 'failed', ...failureOf(error) });
  }
  if (!ending.aborted) return;
  await job.moveToWait(token);
  throw new WaitingError();
}
