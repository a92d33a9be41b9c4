import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { JobMessage } from './episode.ts';
import { errorOf, failureOf, type Failure, type JobRequest, type JobWorker } from './job-worker.ts';

type Reply =
  | { readonly kind: 'message'; readonly message: JobMessage }
  | { readonly kind: 'done' }
  | ({ readonly kind: 'failed' } & Failure);

/** For an episode's open call and the closing of servers. Whoever sent a signal does not wait longer. */
const stopMilliseconds = 10_000;

/**
 * Starts a thread on `entry`, which must call `serveJobs`; `data` is handed to it as it is. A thread that crashes, in a job
 * or between two, rejects what waits for it and whatever is asked of it later. One that is told to stop and has not ended
 * after `mostStopMilliseconds`, since some computation does not let it listen, is ended: its supervisor clears up after it.
 */
export function startJobWorker(entry: URL, data: object, mostStopMilliseconds = stopMilliseconds): JobWorker {
  const worker = new Worker(entry, { workerData: { ...data, isJobWorker: true } });
  let crash: Error | undefined;
  worker.on('error', (error) => (crash ??= error instanceof Error ? error : new Error(String(error))));
  let hasExited = false;
  const exit = new Promise<void>((resolve) =>
    worker.once('exit', () => {
      hasExited = true;
      resolve();
    }),
  );
  return {
    run: (request, listen) =>
      new Promise((resolve, reject) => {
        const finish = (end: () => void) => {
          worker.off('message', onReply).off('exit', onExit);
          end();
        };
        const onExit = () =>
          finish(() => reject(crash ?? new Error(`the worker of job ${request.job.name} ended before the job did`)));
        const onReply = (reply: Reply) => {
          if (reply.kind === 'message') {
            try {
              listen(reply.message);
            } catch (error) {
              finish(() => reject(error));
            }
          } else if (reply.kind === 'done') finish(resolve);
          else finish(() => reject(errorOf(reply)));
        };
        if (hasExited) return onExit();
        worker.on('message', onReply).on('exit', onExit);
        worker.postMessage(request);
      }),
    stop: async () => {
      worker.postMessage('stop');
      const inTime = new AbortController();
      const late = delay(mostStopMilliseconds, undefined, { signal: inTime.signal }).then(
        () => worker.terminate(),
        () => undefined,
      );
      await exit;
      inTime.abort();
      await late;
      if (crash) throw crash;
    },
  };
}

/** Data of this thread when it is a job worker, else null. */
export const jobWorkerData = (): unknown =>
  (workerData as { isJobWorker?: boolean } | null)?.isJobWorker === true ? workerData : null;

/** The thread's side: runs requested jobs one at a time until told to stop, then disposes and ends the thread. */
export function serveJobs(
  runOne: (request: JobRequest, emit: (message: JobMessage) => void, signal: AbortSignal) => Promise<void>,
  dispose: () => Promise<void>,
): void {
  const port = parentPort;
  if (port === null) throw new Error('serveJobs belongs into a worker thread');
  const stop = new AbortController();
  let current: Promise<void> = Promise.resolve();
  const send = (reply: Reply) => port.postMessage(reply);
  const work = async (request: JobRequest) => {
    try {
      await runOne(request, (message) => send({ kind: 'message', message }), stop.signal);
      send({ kind: 'done' });
    } catch (error) {
      send({ kind: 'failed', ...failureOf(error) });
    }
  };
  const end = async () => {
    stop.abort(new Error('interrupted'));
    await current;
    await dispose();
    port.close();
  };
  port.on('message', (request: JobRequest | 'stop') => {
    if (request !== 'stop') current = work(request);
    else if (!stop.signal.aborted) void end();
  });
}
