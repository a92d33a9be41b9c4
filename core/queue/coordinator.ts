import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Worker, type Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { UsageError } from '../errors.ts';
import type { Crew, JobWorker } from '../run/job-worker.ts';
import type { QueueAddress } from './address.ts';
import { packed, unpacked } from './coding.ts';
import { pieceDesk, type GivenOut, type PieceDesk } from './desk.ts';
import { holdQueue, type Held } from './holder.ts';
import * as names from './names.ts';
import { paceMeter } from './pace.ts';
import type { Parcel } from './parcels.ts';
import { inWords, isRefusal } from './redis-errors.ts';
import { cutRedis, inTime, openQueue, openRedis } from './redis.ts';

export interface CoordinatorOptions {
  readonly address: QueueAddress;
  /** A Redis that keeps nothing on disk will do. */
  readonly isVolatile: boolean;
  /** Name of the run. */
  readonly run: string;
  /** What workers are told of it. */
  readonly description: unknown;
  /** Episodes of a piece of work. */
  readonly batch: number;
  readonly tell: (sentence: string) => void;
}

/** Workers on any number of machines, who take their work from a queue. */
export interface QueueCrew extends Crew {
  /** Takes back what is given out, and leaves the queue to others. */
  readonly close: () => Promise<void>;
}

/** Pieces given out at once: enough for all workers that a Redis serves, few enough to be held in memory. */
const mostGivenOut = 4_096;

/** How often workers are counted, and pieces looked for that are lost. */
const lookMilliseconds = 5_000;

/** Opens a queue for one run, and removes what an earlier one left in it. Throws `UsageError` where it cannot be had. */
export async function openQueueCrew(options: CoordinatorOptions): Promise<QueueCrew> {
  const { address, isVolatile, run, description, tell, batch } = options;
  const redis = await openRedis(address, isVolatile);
  const session: names.Session = { id: randomUUID(), run, host: hostname(), pid: process.pid, description };
  const pieces = openQueue(redis, names.piecesQueue(session.id));
  const inStore = async (work: Promise<unknown>): Promise<void> => {
    await work.catch((error: unknown) => {
      throw inWords(error, address);
    });
  };
  const desk = pieceDesk({
    add: (piece, request) =>
      inStore(pieces.add('piece', packed(request), { jobId: piece, removeOnComplete: true, removeOnFail: false })),
    replace: async (piece, request) => {
      const job = await pieces.getJob(piece);
      if (job) await inStore(job.updateData(packed(request)));
    },
  });
  let held: Held | undefined;
  /** What is not tidied in time stays in Redis until it expires, or the next run removes it. */
  const leave = async (tidy: () => Promise<unknown>) => {
    held?.stop();
    await inTime(tidy());
    cutRedis(redis);
  };
  const giveFree = async () => held?.release();
  try {
    held = await holdQueue(redis, address.shown, session, { onLost: desk.fail, tell });
    await forgetSession(redis);
    await inStore(redis.set(names.sessionKey, JSON.stringify(session)));
    tell(
      `Workers play this run: start any number of them, here or on other machines, with toolstone worker ${address.shown}`,
    );
    const pace = paceMeter();
    const parcels = takeParcels(redis, session.id, { desk, address, tell });
    const look = watch(redis, session.id, pieces, desk);
    return {
      width: mostGivenOut,
      batch,
      note: () => [workersText(look.workers()), pace.text()].filter((part) => part !== '').join(' · '),
      startWorker: () =>
        workerOver(desk, (episodes) => {
          if (episodes > 0) pace.add(episodes);
        }),
      close: () => {
        look.stop();
        return leave(async () => {
          await parcels.close(true);
          await forgetSession(redis, session.id);
          await giveFree();
        });
      },
    };
  } catch (error) {
    await leave(giveFree);
    throw inWords(error, address);
  }
}

const workersText = (count: number): string => (count === 1 ? '1 worker' : `${count} workers`);

/** One piece of work at a time, whoever plays it. */
function workerOver(desk: PieceDesk, onEpisodes: (episodes: number) => void): JobWorker {
  let current: GivenOut | undefined;
  return {
    run: (request, listen) => {
      current = desk.giveOut(request, (message) => {
        if (message.kind === 'progress') onEpisodes(message.episodes);
        listen(message);
      });
      return current.done;
    },
    stop: async () => current?.withdraw(new Error('interrupted')),
  };
}

/** What workers tell beside their parcels: that they cannot play the run. */
export interface Refusal {
  readonly worker: string;
  readonly why: string;
}

interface Taking {
  readonly desk: PieceDesk;
  readonly address: QueueAddress;
  readonly tell: (sentence: string) => void;
}

/** Takes what comes back, one parcel after the other. */
function takeParcels(redis: Redis, session: string, { desk, address, tell }: Taking): Worker {
  const worker = new Worker<string>(
    names.parcelsQueue(session),
    async ({ name, data }) => {
      if (name === 'parcel') return desk.take(unpacked(data) as Parcel);
      const { worker, why } = unpacked(data) as Refusal;
      tell(`The worker ${worker} does not take part. ${why}`);
    },
    {
      connection: redis,
      prefix: names.prefix,
      concurrency: 1,
      lockDuration: names.lockMilliseconds * 3,
      maxStalledCount: names.mostDeaths,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  let isDown = false;
  worker.on('error', (error) => {
    if (isRefusal(error)) desk.fail(inWords(error, address));
    else if (!isDown && redis.status !== 'ready') {
      isDown = true;
      tell(
        `The Redis at ${address.shown} does not answer any more. Waiting for it; Ctrl-C stops the run, to be resumed.`,
      );
    }
  });
  worker.on('failed', (_, error) => desk.fail(error));
  worker.on('ready', () => (isDown = false));
  return worker;
}

/** Counts workers, ends pieces that nobody survives, and gives out anew what a Redis has lost. */
function watch(redis: Redis, session: string, pieces: Queue, desk: PieceDesk) {
  const parcels = openQueue(redis, names.parcelsQueue(session));
  let workers = 0;
  let isSuspect = false;
  const look = async () => {
    workers = await pieces.getWorkersCount();
    for (const { id = '', failedReason } of await pieces.getFailed())
      desk.fail(
        new UsageError(
          `${names.mostDeaths + 1} workers in a row died over the same piece of work (${failedReason}). Look at what they say, and at the memory of their machines; what was finished is kept, and the same command resumes.`,
        ),
        id,
      );
    const counts = [
      await pieces.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized'),
      await parcels.getJobCountByTypes('waiting', 'active', 'delayed', 'prioritized'),
    ];
    const isGone = desk.pieces().length > 0 && counts.every((count) => count === 0);
    // What is just being added is in neither.
    if (isGone && isSuspect) desk.giveOutAnew();
    isSuspect = isGone && !isSuspect;
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch(() => undefined) // a Redis that is being restarted is looked at later
      .finally(() => (isLooking = false));
  }, lookMilliseconds);
  return { workers: () => workers, stop: () => clearInterval(timer) };
}

/** Puts a session where it waits for its queues to be removed, if it is still that one. */
const leaveScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('RENAME', KEYS[1], KEYS[2]) end
return 1`;

/**
 * Removes the session that stands in Redis, with its queues, and what an earlier run could not remove. `only`: the session of that id; whoever slept
 * while another run took the queue must leave that one's alone.
 */
async function forgetSession(redis: Redis, only?: string): Promise<void> {
  await forgetLeaving(redis);
  const text = await redis.get(names.sessionKey);
  if (text !== null && (only === undefined || idIn(text) === only)) {
    await redis.eval(leaveScript, 2, names.sessionKey, names.leavingKey, text);
    await forgetLeaving(redis);
  } else if (only !== undefined) await removeQueues(redis, only);
}

async function forgetLeaving(redis: Redis): Promise<void> {
  const text = await redis.get(names.leavingKey);
  if (text === null) return;
  await removeQueues(redis, idIn(text));
  await redis.del(names.leavingKey);
}

async function removeQueues(redis: Redis, session: string): Promise<void> {
  for (const name of [names.piecesQueue(session), names.parcelsQueue(session)])
    await openQueue(redis, name).obliterate({ force: true });
}

const idIn = (session: string): string => (JSON.parse(session) as names.Session).id;
