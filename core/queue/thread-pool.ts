import type { Crew, JobWorker } from '../run/job-worker.ts';

/** Threads of this machine, each for a piece of work at a time. */
export interface ThreadPool {
  /** Lends a thread; rejects as `work` does, and once the pool is stopped. */
  readonly use: (work: (thread: JobWorker) => Promise<void>) => Promise<void>;
  /** Resolves once no thread is left. */
  readonly stop: () => Promise<void>;
}

/** Threads start as they are needed. */
export function threadPool({ startWorker }: Pick<Crew, 'startWorker'>): ThreadPool {
  const free: JobWorker[] = [];
  const all = new Set<JobWorker>();
  let isStopped = false;
  const drop = async (thread: JobWorker) => {
    await thread.stop().catch(() => undefined);
    all.delete(thread);
  };
  return {
    use: async (work) => {
      if (isStopped) throw new Error('this worker begins no more work');
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
      isStopped = true;
      await Promise.all([...all].map(drop));
    },
  };
}
