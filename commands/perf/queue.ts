import { openQueueCrew, type QueueCrew } from '../../core/queue/coordinator.ts';
import { queueAddress } from '../../core/queue/address.ts';
import { serveQueue } from '../../core/queue/serve-queue.ts';
import type { JobRequest, JobWorker } from '../../core/run/job-worker.ts';
import { batchesOf } from '../../core/run/pieces.ts';
import { measuredKeys } from '../../core/run/planned.ts';
import { startJobWorker } from '../../core/run/worker.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { fixedJob } from '../shared/jobs.ts';
import { entry } from '../shared/places.ts';
import { batchFor } from '../shared/queue-run.ts';
import type { WorkerSettings } from '../shared/worker.ts';
import type { PerfGroup } from './measure.ts';
import { processorSecondsOf } from './process-tree.ts';
import { startRedisServer, type RedisServer } from './redis-server.ts';

const episodes = 256;
const warmUpRounds = 1;

/**
 * Processor time of episodes that come by a queue, beside the same episodes from threads: that of coordinator, workers, servers and Redis, all
 * on this machine, without their start.
 */
export const queuePerf = (suite: Suite, workers: 1 | 2): PerfGroup => ({
  name: workers === 1 ? 'queue' : 'queue-2',
  open: async () => {
    const job = fixedJob('oracle', 'tool', {}, [{ split: 'train', tasks: episodes }]);
    const redis = await startRedisServer();
    const { queued, threads, close } = await warmSides(redis, workers, suite, job);
    return {
      comparisons: [
        {
          what: `processor time of an episode, ${workers === 1 ? '1 worker' : `${workers} workers`}`,
          unit: 'ms',
          ours: { name: 'queue', sample: queued },
          yardstick: { name: 'threads', sample: threads },
          target: { of: 'ratio', atMost: 1.05 },
        },
      ],
      close: async () => {
        await close();
        await redis.stop();
      },
    };
  },
});

/** The two sides after rounds that do not count; no Redis stays behind where they cannot play. */
async function warmSides(redis: RedisServer, count: number, suite: Suite, job: Job) {
  try {
    const sides = await openSides(redis.address, count, suite, job);
    for (let round = 0; round < warmUpRounds; round++) {
      await sides.queued();
      await sides.threads();
    }
    return sides;
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

/** So many workers with a thread each, and as many threads; each plays all episodes and returns their processor time. */
async function openSides(redis: string, count: number, suite: Suite, job: Job) {
  const address = queueAddress(redis);
  const startWorker = (): JobWorker => startJobWorker(entry, { suite: suite.name, lanes: 1 } satisfies WorkerSettings);
  const silent = { address, tell: () => undefined };
  const batch = await batchFor([job]);
  const crew: QueueCrew = await openQueueCrew({
    ...silent,
    isVolatile: true,
    run: 'perf',
    description: {},
    batch,
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
    const before = processorSecondsOf(process.pid);
    await play();
    return (1000 * (processorSecondsOf(process.pid) - before)) / keys.length;
  };
  return {
    queued: () => timed(() => Promise.all(requests(batch).map((request) => crew.startWorker().run(request, ignore)))),
    threads: () =>
      timed(() => Promise.all(requests(share).map(async (request, thread) => threads[thread]?.run(request, ignore)))),
    close: async () => {
      stop.abort();
      await Promise.all(served);
      await crew.close();
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

const ignore = (): undefined => undefined;
