import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { JobMessage } from '../../core/run/episode.ts';
import { UsageError } from '../../core/errors.ts';
import type { Job } from '../../core/run-types.ts';
import { startJobWorker } from '../../core/run/worker.ts';

const entry = new URL('./job-thread.ts', import.meta.url);
const jobNamed = (name: string): Job => ({
  name,
  rows: {},
  seed: 1,
  policy: 'no-op',
  view: 'tool',
  training: null,
  evaluations: [],
});
const run = (
  worker: ReturnType<typeof startJobWorker>,
  name: string,
  listen: (message: JobMessage) => void = () => undefined,
) => worker.run({ job: jobNamed(name), resume: null, done: ['a key'] }, listen);

const onFullDisk = () => {
  throw new UsageError('the disk is full');
};

test('jobs run one after the other on one thread, and their messages arrive in order before their end', async () => {
  const worker = startJobWorker(entry, {});
  const episodes: number[] = [];
  for (const name of ['count', 'count']) {
    await run(worker, name, (message) => message.kind === 'progress' && episodes.push(message.episodes));
  }
  expect(episodes).toEqual([1, 2, 3, 1, 2, 3]);
  await worker.stop();
});

test("a user's mistake crosses the thread as one, a fault keeps its stack", async () => {
  const worker = startJobWorker(entry, {});
  await expect(run(worker, 'mistake')).rejects.toThrow(UsageError);
  const fault = await run(worker, 'fault').catch((error: unknown) => error as Error);
  expect(fault).not.toBeInstanceOf(UsageError);
  expect(String((fault as Error).stack)).toContain(fileURLToPath(entry));
  await worker.stop();
});

test('what the listener throws (a full disk) ends the job', async () => {
  const worker = startJobWorker(entry, {});
  await expect(run(worker, 'count', onFullDisk)).rejects.toThrow('the disk is full');
  await worker.stop();
});

test.each([
  ['crash', /out of luck/],
  ['exit', /the worker of job exit ended before the job did/],
])('a thread that dies by %s rejects its job, what is asked of it later, and hangs nobody', async (name, why) => {
  const worker = startJobWorker(entry, {});
  await expect(run(worker, name)).rejects.toThrow(why);
  await expect(run(worker, name)).rejects.toThrow(why);
  await worker.stop().catch(() => undefined);
});

test('a thread that crashes while it cleans up says so when stopped', async () => {
  const worker = startJobWorker(entry, { failsToDispose: true });
  await run(worker, 'count');
  await expect(worker.stop()).rejects.toThrow('nothing can be disposed of');
});

test('a stop aborts the job in progress', async () => {
  const worker = startJobWorker(entry, {});
  const job = run(worker, 'wait');
  const stopped = worker.stop();
  await expect(job).rejects.toThrow('interrupted');
  await stopped;
});

test('a thread too busy to listen is ended soon after it was told to stop', async () => {
  const worker = startJobWorker(entry, {}, 200);
  const first = Promise.withResolvers<void>();
  const job = run(worker, 'spin', () => first.resolve());
  await first.promise;
  const stopped = worker.stop();
  await expect(job).rejects.toThrow('the worker of job spin ended before the job did');
  await stopped;
});
