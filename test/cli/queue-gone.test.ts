/** Commands by a queue whose Redis is gone for good; skipped where `redis-server` is not installed. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { said } from '../queue/queued-run.ts';
import { hasRedis, startRedis } from '../queue/real-redis.ts';
import { isWhole } from '../whole.ts';
import { start, temporaryFolder } from './toolstone.ts';

/** Starts a command that is gone with the test, and waits for what it says. */
async function saying(words: string, ...args: readonly string[]) {
  const started = start(...args);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  await said(started.child, words);
  return started;
}

/** Tells a command once to stop, and how it ends; `late` where it does not. */
async function toldToStop({ child, finished }: ReturnType<typeof start>) {
  child.kill('SIGINT');
  const end = await Promise.race([finished, delay(20_000, 'late' as const, { ref: false })]);
  return end === 'late' ? end : [end.code, end.stderr];
}

test.runIf(hasRedis && isWhole)(
  'coordinator and workers end at one Ctrl-C, whatever they wait for',
  async () => {
    const [played, idle] = await Promise.all([startRedis(), startRedis()]);
    const out = join(temporaryFolder(), 'run');
    const asked = ['run', '--policy', 'oracle', '--suite', 'micro', '--out', out, '--queue', played.address];
    const run = await saying('Workers play this run', ...asked);
    const [playing, waiting] = await Promise.all([
      saying('Playing the run', 'worker', played.address, '--concurrency', '1'),
      saying('Waiting for a run', 'worker', idle.address),
    ]);
    await Promise.all([played.stop(), idle.stop()]);
    // Long enough that what they ask waits between two tries to connect.
    await delay(2_500);
    expect(await Promise.all([run, playing, waiting].map(toldToStop))).toEqual([
      [130, expect.stringMatching(/does not answer any more.*stopping; re-run the same command to resume/s)],
      [0, expect.stringContaining('Stopping; other workers play')],
      [0, expect.not.stringMatching(/internal error|\n {4}at /)],
    ]);
  },
  60_000,
);
