/** How pieces come to another worker, by a real queue; skipped where `redis-server` is not installed. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { queueAddress } from '../../core/queue/address.ts';
import { packed, unpacked } from '../../core/queue/coding.ts';
import { piecesQueue } from '../../core/queue/names.ts';
import type { Parcel } from '../../core/queue/parcels.ts';
import { takePieces } from '../../core/queue/piece-taker.ts';
import { cutRedis, openQueue, openRedis } from '../../core/queue/redis.ts';
import type { JobWorker } from '../../core/run/job-worker.ts';
import { isWhole } from '../whole.ts';
import { hasRedis, startRedis } from './real-redis.ts';

/** A queue with one piece, and workers that take it, play it until they are told to stop, and take a while for that. */
async function queueWithPiece() {
  const server = await startRedis();
  const open = async () => {
    const redis = await openRedis(queueAddress(server.address), true);
    onTestFinished(() => cutRedis(redis));
    return redis;
  };
  const request = { job: { name: 'a' }, resume: null, done: [] };
  const queue = openQueue(await open(), piecesQueue('s'));
  await queue.add('piece', packed(request), { jobId: 'piece-1' });
  const take = async (name: string) => {
    const connection = await open();
    const turn = Promise.withResolvers<number>();
    const events: string[] = [];
    const startWorker = (): JobWorker => {
      const end = Promise.withResolvers<void>();
      return {
        run: (_, listen) => {
          listen({
            kind: 'episode',
            key: { job: 'a', phase: 'p', task: 't', repetition: 0 },
            line: 'x'.repeat(2 ** 20),
          });
          return end.promise;
        },
        stop: async () => {
          await delay(200);
          events.push('stopped');
          end.reject(new Error('interrupted'));
        },
      };
    };
    const put = async (_: string, data: string) => turn.resolve((unpacked(data) as Parcel).turn);
    const taker = await takePieces({ connection, session: 's', name, player: { startWorker, width: 1 }, put });
    taker.running.catch(() => undefined);
    return { turn: turn.promise, events, connection, stop: taker.stop };
  };
  return { queue, take };
}

test.runIf(hasRedis)(
  'a worker that is told to stop waits for its threads and gives back, and the next attempt is of a higher turn',
  async () => {
    const { queue, take } = await queueWithPiece();
    const first = await take('first');
    expect(await first.turn).toBe(1);
    await first.stop();
    expect(first.events).toContain('stopped');
    expect(await queue.getJobCounts('waiting', 'active')).toEqual({ waiting: 1, active: 0 });
    const second = await take('second');
    expect(await second.turn).toBe(2);
    await second.stop();
  },
  30_000,
);

test.runIf(hasRedis && isWhole)(
  'a piece whose worker is gone without a word is given to another, as a higher turn',
  async () => {
    const { take } = await queueWithPiece();
    const first = await take('first');
    expect(await first.turn).toBe(1);
    cutRedis(first.connection);
    const second = await take('second');
    expect(await second.turn).toBe(2);
    await Promise.all([first.stop(), second.stop()]);
  },
  60_000,
);
