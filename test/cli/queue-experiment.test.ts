/** An experiment whose trainings workers play; skipped where `redis-server` is not installed. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { hasRedis, startRedis } from '../queue/real-redis.ts';
import { isWhole } from '../whole.ts';
import { digests, start, temporaryFolder, toolstoneProcess } from './toolstone.ts';

const played = ['experiment', 'gate', '--suite', 'smoke', '--seeds', '1', '--episodes', '64', '--no-record'] as const;

const startWorker = (address: string) => {
  const worker = start('worker', address, '--concurrency', '1');
  onTestFinished(() => void worker.child.kill('SIGKILL'));
  return worker;
};

test.runIf(hasRedis && isWhole)(
  'trainings have the same bytes from two workers, of which one is killed once it has left a checkpoint',
  async () => {
    const folder = temporaryFolder();
    const [threads, out] = [join(folder, 'threads'), join(folder, 'queued')];
    const reference = await toolstoneProcess(...played, '--out', threads);
    expect(reference.code, reference.stderr).toBe(0);
    const redis = await startRedis();
    const queued = start(...played, '--out', out, '--queue', redis.address);
    onTestFinished(() => void queued.child.kill('SIGKILL'));
    const first = startWorker(redis.address);
    const checkpoints = [1].map((seed) => join(out, 'checkpoints', `grpo-rubric-tool.seed-${seed}.checkpoint`));
    while (!checkpoints.some((path) => existsSync(path)) && queued.child.exitCode === null) await delay(50);
    first.child.kill('SIGKILL');
    startWorker(redis.address);
    startWorker(redis.address);
    const { code, stderr } = await queued.finished;
    expect(code, stderr).toBe(0);
    expect(digests(out)).toEqual(digests(threads));
  },
  20 * 60_000,
);
