import { randomUUID } from 'node:crypto';
import { WaitingError, Worker, type Job as QueuedJob } from 'bullmq';
import type { Redis } from 'ioredis';
import { failureOf, type Crew, type JobRequest } from '../run/job-worker.ts';
import { packed, unpacked } from './coding.ts';
import * as names from './names.ts';
import { parcelSender } from './parcel-sender.ts';
import type { Parcel } from './parcels.ts';
import { isForbidden } from './redis-errors.ts';
import { cutRedis, inTime } from './redis.ts';
import { threadPool, type ThreadPool } from './thread-pool.ts';

export interface PieceTakerOptions {
  /** Of this taker alone, which cuts it at the end. */
  readonly connection: Redis;
  readonly session: string;
  /** Of the worker, for whoever looks into Redis. */
  readonly name: string;
  readonly player: Pick<Crew, 'startWorker' | 'width'>;
  /** Puts a parcel into the queue for the coordinator. */
  readonly put: (name: string, data: string, id: string) => Promise<void>;
}

/** Takes pieces of work out of a session's queue and plays them. */
export interface PieceTaker {
  /** Rejects with what keeps it from taking any. */
  readonly running: Promise<void>;
  /** Ends threads, gives back what they played, and cuts the connection; a Redis that is gone takes nothing back. */
  readonly stop: () => Promise<void>;
}

/** Resolves once it takes pieces; rejects where the connection is cut before. */
export async function takePieces({ connection, session, name, player, put }: PieceTakerOptions): Promise<PieceTaker> {
  const threads = threadPool(player);
  const over = new AbortController();
  const playing = new Set<Promise<void>>();
  const send = (parcel: Parcel) => put('parcel', packed(parcel), `${parcel.piece}-${parcel.attempt}-${parcel.ordinal}`);
  const pieces = new Worker<string>(
    names.piecesQueue(session),
    (job, token) => {
      const piece = playPiece(job, token, threads, send, over.signal);
      playing.add(piece);
      return piece.finally(() => playing.delete(piece));
    },
    {
      connection,
      prefix: names.prefix,
      name,
      concurrency: player.width,
      lockDuration: names.lockMilliseconds,
      stalledInterval: names.stalledMilliseconds,
      maxStalledCount: names.mostDeaths,
      // One that is closed while it starts would not end.
      autorun: false,
    },
  );
  const refused = Promise.withResolvers<never>();
  refused.promise.catch(() => undefined);
  pieces.on('error', (error) => {
    // Any other error is of a Redis that is waited for.
    if (isForbidden(error)) refused.reject(error);
  });
  const stop = async () => {
    over.abort();
    await pieces.pause(true);
    await threads.stop();
    await inTime(Promise.allSettled(playing));
    cutRedis(connection);
    // By force: it would wait for a Redis that is gone, and nothing is being played any more.
    await pieces.close(true);
  };
  try {
    await pieces.waitUntilReady();
  } catch (error) {
    await stop();
    throw error;
  }
  return { running: Promise.race([pieces.run(), refused.promise]), stop };
}

/** Plays a piece of work and sends what comes of it; one that this worker must leave goes back into the queue. */
async function playPiece(
  job: QueuedJob<string>,
  token: string | undefined,
  threads: ThreadPool,
  send: (parcel: Parcel) => Promise<void>,
  ending: AbortSignal,
): Promise<void> {
  const request = unpacked(job.data) as JobRequest;
  const attempt = {
    piece: job.id ?? '',
    attempt: randomUUID(),
    turn: job.attemptsStarted,
    from: request.resume?.update ?? null,
  };
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
