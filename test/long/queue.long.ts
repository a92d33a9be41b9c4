import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { start, temporaryFolder } from '../cli/toolstone.ts';
import { hasRedis, startRedis } from '../queue/real-redis.ts';
import { inWhole, quarterMedians } from './quarters.ts';
import { residentMebibytes } from './serve.ts';
import { scaled, skipLoudly, tell } from './scale.ts';

/** Of the last quarter's median over the second quarter's. */
const MOST_GROWTH = 1.1;

const TASKS = 1_000;

/** Resident memory of the coordinator and of Redis at a moment, in MiB, and how far the record is, in bytes. */
interface Sample {
  readonly bytes: number;
  readonly coordinator: number;
  readonly redis: number;
}

test('a hundred thousand episodes by a queue leave the memory of the coordinator flat', async () => {
  if (!hasRedis) return skipLoudly('queue', 'redis-server is not installed (apt-get install redis-server)');
  const repeats = scaled(100);
  const redis = await startRedis();
  const out = join(temporaryFolder(), 'run');
  const played = ['run', '--policy', 'no-op', '--suite', 'micro', '--limit', `${TASKS}`, '--repeat', `${repeats}`];
  const run = start(...played, '--out', out, '--queue', redis.address);
  const worker = start('worker', redis.address, '--once');
  for (const { child } of [run, worker]) onTestFinished(() => void child.kill('SIGKILL'));
  const trajectories = join(out, 'trajectories.jsonl');
  const samples: Sample[] = [];
  for (; run.child.exitCode === null && run.child.signalCode === null; await delay(250)) {
    const bytes = statSync(trajectories, { throwIfNoEntry: false })?.size ?? 0;
    const coordinator = residentMebibytes(run.child.pid ?? 0);
    // One that has just ended has no memory.
    if (bytes > 0 && coordinator > 0) samples.push({ bytes, coordinator, redis: residentMebibytes(redis.pid()) });
  }
  const { code, stderr } = await run.finished;
  expect(code, stderr).toBe(0);
  expect((await worker.finished).code).toBe(0);
  // Records are of nearly equal length, so that bytes tell how far the run is; what follows the last of them is the report.
  const whole = statSync(trajectories).size;
  const during = samples.filter(({ bytes }) => bytes < whole);
  const quarters = quarterMedians(during.map(({ coordinator }) => coordinator));
  const [, second, , last] = quarters;
  tell(
    'queue',
    `${TASKS * repeats} episodes; resident MiB, medians of the quarters: coordinator ${inWhole(quarters)}, ` +
      `Redis ${inWhole(quarterMedians(during.map((one) => one.redis)))}`,
  );
  expect(last / second, 'memory of the last quarter over that of the second').toBeLessThan(MOST_GROWTH);
});
