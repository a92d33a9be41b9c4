import { openQueueCrew, type QueueCrew } from '../../core/queue/coordinator.ts';
import { queueAddress } from '../../core/queue/address.ts';
import { fieldsOf, openRedis } from '../../core/queue/redis.ts';
import { serveQueue } from '../../core/queue/serve-queue.ts';
import type { JobRequest, JobWorker } from '../../core/run/job-worker.ts';
import { batchesOf } from '../../core/run/pieces.ts';
import { measuredKeys } from '../../core/run/planned.ts';
import { startJobWorker } from '../../core/run/worker.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { fixedJob } from '../shared/jobs.ts';
import { entry } from '../shared/places.ts';
import { episodesOfBatch } from '../shared/queue-run.ts';
import type { WorkerSettings } from '../shared/worker.ts';
import type { PerfComparison, PerfGroup } from './measure.ts';
import { startRedisServer } from './redis-server.ts';

const episodes = 64;
const warmUpRounds = 1;

/**
 * Processor time of episodes that come by a queue, beside the same episodes from threads: that of coordinator, workers and Redis, all on
 * this machine, without their start and without the servers, which do the same for both.
 */
export const queuePerf = (suite: Suite): PerfGroup => ({
  name: 'queue',
  open: async () => {
    const job = fixedJob('oracle', 'tool', {}, [{ split: 'train', tasks: episodes }]);
    const redis = await startRedisServer();
    const sides = await Promise.all([1, 2].map((count) => openSides(redis.address, count, suite, job)));
    for (const { queued, threads } of sides)
      for (let round = 0; round < warmUpRounds; round++) {
        await queued();
        await threads();
      }
    return {
      comparisons: sides.map(({ count, queued, threads }): PerfComparison => ({
        what: `processor time of an episode, ${count === 1 ? '1 worker' : `${count} workers`}`,
        unit: 'ms',
        ours: { name: 'queue', sample: queued },
        yardstick: { name: 'threads', sample: threads },
        target: { of: 'ratio', atMost: 1.05 },
      })),
      close: async () => {
        await Promise.all(sides.map(({ close }) => close()));
        await redis.stop();
      },
    };
  },
});

/** So many workers with a thread each, and as many threads; each plays all episodes and returns their processor time. */
async function openSides(redis: string, count: number, suite: Suite, job: Job) {
  // A database for each, since a queue has one coordinator.
  const address = queueAddress(`${redis}/${count}`);
  const clock = await openRedis(address, true);
  const startWorker = (): JobWorker => startJobWorker(entry, { suite: suite.name, lanes: 1 } satisfies WorkerSettings);
  const silent = { address, tell: () => undefined };
  const crew: QueueCrew = await openQueueCrew({
    ...silent,
    isVolatile: true,
    run: 'perf',
    description: {},
    batch: episodesOfBatch,
  });
  const stop = new AbortController();
  const player = { startWorker, width: 1, close: async () => undefined };
  const served = Array.from({ length: count }, () =>
    serveQueue({ ...silent, isOnce: true, prepare: async () => player, signal: stop.signal }),
  );
  const threads = Array.from({ length: count }, startWorker);
  const keys = measuredKeys(suite, job);
  const share = Math.ceil(keys.length / count);
  const requests = (size: number): JobRequest[] => batchesOf(job, keys, size).map((piece) => ({ ...piece, done: [] }));
  const timed = async (play: () => Promise<unknown>): Promise<number> => {
    const before = await processorMilliseconds(clock);
    await play();
    return ((await processorMilliseconds(clock)) - before) / keys.length;
  };
  const ignore = () => undefined;
  return {
    count,
    queued: () =>
      timed(() => Promise.all(requests(episodesOfBatch).map((request) => crew.startWorker().run(request, ignore)))),
    threads: () =>
      timed(() => Promise.all(requests(share).map((request, thread) => threads[thread]?.run(request, ignore)))),
    close: async () => {
      stop.abort();
      await Promise.all(served);
      await crew.close();
      await Promise.all(threads.map((thread) => thread.stop()));
      clock.disconnect();
    },
  };
}

/** Of this process with all its threads, and of Redis. */
async function processorMilliseconds(redis: Awaited<ReturnType<typeof openRedis>>): Promise<number> {
  const { user, system } = process.cpuUsage();
  const fields = fieldsOf(await redis.info('cpu'));
  const ofRedis = Number(fields.get('used_cpu_user')) + Number(fields.get('used_cpu_sys'));
  return (user + system) / 1000 + ofRedis * 1000;
}
