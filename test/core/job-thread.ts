import { once } from 'node:events';
import { UsageError } from '../../core/errors.ts';
import { jobWorkerData, serveJobs } from '../../core/run/worker.ts';

/** A job worker whose jobs do what their name says. */
const { failsToDispose } = jobWorkerData() as { readonly failsToDispose?: boolean };

serveJobs(
  async ({ job }, emit, signal) => {
    if (job.name === 'mistake') throw new UsageError('no such thing');
    if (job.name === 'fault') throw new TypeError('a fault');
    if (job.name === 'exit') process.exit(0);
    if (job.name === 'spin') {
      emit({ kind: 'progress', episodes: 1 });
      for (;;);
    }
    if (job.name === 'crash') setTimeout(() => Promise.reject(new Error('out of luck')));
    if (job.name === 'crash' || job.name === 'wait') {
      await once(signal, 'abort');
      signal.throwIfAborted();
    }
    for (const episodes of [1, 2, 3]) emit({ kind: 'progress', episodes });
  },
  async () => {
    if (failsToDispose) throw new Error('nothing can be disposed of');
  },
);
