/** What goes wrong with a queue's Redis, its coordinators and its workers' machines; skipped where `redis-server` is not installed. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { queueAddress } from '../../core/queue/address.ts';
import { cutRedis, openRedis } from '../../core/queue/redis.ts';
import { said } from '../queue/queued-run.ts';
import { hasRedis, startRedis } from '../queue/real-redis.ts';
import { isWhole } from '../whole.ts';
import { digests, start, startFrom, temporaryFolder, toolstone, waitForLines } from './toolstone.ts';

const minutes = 60_000;
const played = ['run', '--policy', 'oracle', '--suite', 'micro', '--limit', '24'] as const;

/** Starts a command that is gone with the test. */
function starting(...args: readonly string[]) {
  const started = start(...args);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

/** The run that all others of a test are to have the bytes of. */
async function undisturbed(...more: readonly string[]): Promise<Record<string, string>> {
  const whole = join(temporaryFolder(), 'whole');
  const { code, stderr } = await toolstone(...played, ...more, '--out', whole);
  expect(code, stderr).toBe(0);
  return digests(whole);
}

test.runIf(hasRedis && isWhole)(
  'a Redis that is full in the middle of a run ends it in a sentence; with room again the same command resumes, and no work stays in Redis',
  async () => {
    // So many that the last ones are played only after the memory is full.
    const many = ['--limit', '160'] as const;
    const whole = await undisturbed(...many);
    const { address } = await startRedis();
    const redis = await openRedis(queueAddress(address), true);
    onTestFinished(() => cutRedis(redis));
    const out = join(temporaryFolder(), 'run');
    const asked = [...played, ...many, '--out', out, '--queue', address, '--batch', '2'] as const;
    const worker = starting('worker', address, '--concurrency', '1');
    const first = starting(...asked);
    await waitForLines(join(out, 'trajectories.jsonl'), 4, first.finished);
    await redis.config('SET', 'maxmemory', '1');
    const { code, stderr } = await first.finished;
    expect([code, stderr]).toEqual([2, expect.stringMatching(/is full: its maxmemory is reached.*re-run the same/s)]);
    expect(stderr).not.toMatch(/\n {4}at /);
    const lines = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeLessThan(160);
    await redis.config('SET', 'maxmemory', '0');
    const second = await starting(...asked).finished;
    expect(second.code, second.stderr).toBe(0);
    expect(digests(out)).toEqual(whole);
    expect(worker.child.exitCode, 'the worker waits for the next run').toBe(null);
    // A worker that has not yet heard of the end leaves a queue's settings behind, some bytes.
    expect((await redis.keys('*')).filter((key) => !/:(?:meta|stalled-check)$/.test(key))).toEqual([]);
  },
  3 * minutes,
);

test.runIf(hasRedis && isWhole)(
  'a coordinator that slept while another took its queue ends in a sentence, and resumes once the queue is free',
  async () => {
    const whole = await undisturbed();
    const { address } = await startRedis();
    const folder = temporaryFolder();
    const asked = (name: string) =>
      [...played, '--out', join(folder, name), '--queue', address, '--batch', '2'] as const;
    const first = starting(...asked('first'));
    await said(first.child, 'Workers play this run');
    first.child.kill('SIGSTOP');
    const second = starting(...asked('second'));
    await said(second.child, 'Workers play this run');
    first.child.kill('SIGCONT');
    const { code, stderr } = await first.finished;
    expect([code, stderr]).toEqual([2, expect.stringMatching(/Another run has taken the queue.*another database/s)]);
    starting('worker', address, '--concurrency', '1');
    const other = await second.finished;
    expect(other.code, other.stderr).toBe(0);
    expect((await starting(...asked('first')).finished).code).toBe(0);
    expect([digests(join(folder, 'first')), digests(join(folder, 'second'))]).toEqual([whole, whole]);
  },
  3 * minutes,
);

/** Toolstone as it stands in a folder of its own, without one of the packages that its servers need. */
function toolstoneWithout(missing: string): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const copy = temporaryFolder();
  cpSync(root, copy, {
    recursive: true,
    filter: (path) => !['node_modules', '.git', 'test'].includes(basename(path)) && !path.includes('reports/runs'),
  });
  const modules = join(root, 'node_modules');
  const names = readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  );
  for (const name of names.filter((one) => one !== missing)) {
    const link = join(copy, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(modules, name), link);
  }
  return join(copy, 'toolstone.ts');
}

test.runIf(hasRedis && isWhole)(
  'a worker without the package of a server does not take part, and says what to install; the run goes on with others',
  async () => {
    const { address } = await startRedis();
    const out = join(temporaryFolder(), 'run');
    const run = starting(...played, '--out', out, '--queue', address);
    await said(run.child, 'Workers play this run');
    const lacking = startFrom(toolstoneWithout('@modelcontextprotocol/server-filesystem'), 'worker', address, '--once');
    onTestFinished(() => void lacking.child.kill('SIGKILL'));
    const refused = await lacking.finished;
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/cannot play the run.*server-filesystem is not installed\. Run "npm ci"/s),
    ]);
    expect(refused.stderr).not.toMatch(/\n {4}at /);
    const worker = starting('worker', address, '--once');
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/does not take part\..*server-filesystem is not installed/s),
    ]);
    expect((await worker.finished).code).toBe(0);
  },
  3 * minutes,
);
