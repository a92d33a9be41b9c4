/** Runs that workers play by a queue, with a Redis of the test's own; skipped where `redis-server` is not installed. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { said } from '../queue/queued-run.ts';
import { completion, fakeServer } from '../models/fake-server.ts';
import { hasRedis, startRedis } from '../queue/real-redis.ts';
import { isWhole } from '../whole.ts';
import { digests, start, startIn, temporaryFolder, toolstone } from './toolstone.ts';

const played = ['--policy', 'oracle', 'no-op', '--suite', 'micro', '--limit', '6'] as const;
const minutes = 60_000;

/** A worker that ends with the first run, or is ended with the test. */
function startWorker(address: string, env: NodeJS.ProcessEnv = process.env) {
  const worker = startIn(env, 'worker', address, '--once', '--concurrency', '1');
  onTestFinished(() => void worker.child.kill('SIGKILL'));
  return worker;
}

test.runIf(hasRedis)(
  'a run has the same bytes from threads and from workers, whatever their number and batch',
  async () => {
    const folder = temporaryFolder();
    const redis = await startRedis();
    const threads = await toolstone('run', ...played, '--out', join(folder, 'threads'));
    expect(threads.code, threads.stderr).toBe(0);
    for (const [count, batch] of isWhole
      ? ([
          [1, 4],
          [3, 1],
        ] as const)
      : ([[2, 2]] as const)) {
      const out = join(folder, `workers-${count}`);
      const workers = Array.from({ length: count }, () => startWorker(redis.address));
      const queued = await start('run', ...played, '--out', out, '--queue', redis.address, '--batch', String(batch))
        .finished;
      expect(queued.code, queued.stderr).toBe(0);
      expect(queued.stderr).toContain(`toolstone worker ${redis.address}`);
      expect(queued.stderr).toMatch(/\d workers?/);
      for (const { finished } of workers) {
        const { code, stderr } = await finished;
        expect([code, stderr]).toEqual([0, expect.stringContaining('is over here')]);
      }
      expect(digests(out)).toEqual(digests(join(folder, 'threads')));
    }
  },
  10 * minutes,
);

/** What a run is told that is asked for something that it refuses. */
async function refused(...more: readonly string[]): Promise<string> {
  const out = join(temporaryFolder(), 'run');
  const { code, stderr } = await toolstone('run', '--policy', 'oracle', '--suite', 'micro', '--out', out, ...more);
  expect(code, stderr).toBe(2);
  return stderr;
}

test('what only one machine can keep to is refused with --queue, and what only a queue has without it', async () => {
  const queue = ['--queue', 'redis://127.0.0.1:1'] as const;
  expect(await refused(...queue, '--concurrency', '2')).toContain('give it to toolstone worker');
  expect(await refused(...queue, '--total-tokens', '9')).toContain('--total-tokens is kept to by counting');
  expect(await refused('--batch', '3')).toContain('name the queue with --queue');
  expect(await refused(...queue)).toMatch(/The Redis at redis:\/\/127\.0\.0\.1:1 does not answer.*Start it/s);
  expect(await refused('--queue', 'redis://me:hush-42@localhost')).not.toContain('hush-42');
  const { code, stderr } = await toolstone('worker', 'redis://127.0.0.1:1');
  expect([code, stderr]).toEqual([2, expect.stringContaining('does not answer')]);
});

/** By a stand-in that says it is one, since none so old can be installed beside the tests. */
test('a Redis that is too old is refused by its version', async () => {
  const answers = { info: '$44\r\nredis_version:5.0.14\r\nloading:0\r\nrole:master\r\n', other: '+OK\r\n' };
  const server = createServer((socket) =>
    socket.on('data', (text) => {
      for (const [, command = ''] of text.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g))
        socket.write(command.toLowerCase() === 'info' ? answers.info : answers.other);
    }),
  ).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const { code, stderr } = await toolstone('worker', `redis://127.0.0.1:${port}`);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/is 5\.0\.14, and a queue needs Redis 7 or newer/)]);
});

test('a worker takes its deadlines from the run, and no flags for them', async () => {
  const { code, stderr } = await toolstone('worker', 'redis://127.0.0.1:1', '--call-deadline', '5');
  expect([code, stderr]).toEqual([2, expect.stringContaining("unknown option '--call-deadline'")]);
});

/** What a run is told that is to use a Redis with such settings. */
async function refusedBy(...settings: readonly string[]): Promise<string> {
  const { address } = await startRedis(...settings);
  const out = join(temporaryFolder(), 'run');
  const { code, stderr } = await toolstone('run', ...played, '--out', out, '--queue', address);
  expect(code, stderr).toBe(2);
  return stderr;
}

test.runIf(hasRedis)('a Redis that forgets, or may throw things away, is refused with the cure', async () => {
  expect(await refusedBy('--appendonly', 'no')).toMatch(/keeps nothing on disk.*appendonly yes.*--volatile/s);
  expect(await refusedBy('--appendonly', 'no', '--save', '900 1')).toContain('keeps only snapshots');
  expect(await refusedBy('--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru')).toMatch(
    /maxmemory-policy allkeys-lru.*noeviction/,
  );
  expect(await refusedBy('--maxmemory', '1kb')).toMatch(/is full: its maxmemory is reached.*config set maxmemory/);
  expect(await refusedBy('--requirepass', 'hush-42')).toMatch(/refuses the user.*TOOLSTONE_REDIS_PASSWORD/);
});

test.runIf(hasRedis)(
  'a worker that would play otherwise does not take part, and says what differs; one with the password of the queue plays',
  async () => {
    const folder = temporaryFolder();
    const redis = await startRedis('--requirepass', 'hush-42');
    const env = { ...process.env, TOOLSTONE_REDIS_PASSWORD: 'hush-42' };
    const policy = join(folder, 'mine.ts');
    copyFileSync('docs/examples/parts/policy.ts', policy);
    const out = join(folder, 'run');
    const asked = ['--policy', policy, '--suite', 'micro', '--limit', '2', '--out', out] as const;
    const run = startIn(env, 'run', ...asked, '--queue', redis.address);
    onTestFinished(() => void run.child.kill('SIGKILL'));
    await said(run.child, 'Workers play this run');
    writeFileSync(policy, `${readFileSync(policy, 'utf8')}\nexport const changed = true;\n`);
    const refused = await startWorker(redis.address, env).finished;
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/cannot play the run.*code that plays episodes differs.*modules of your own/s),
    ]);
    copyFileSync('docs/examples/parts/policy.ts', policy);
    const worker = startWorker(redis.address, env);
    const { code, stderr } = await run.finished;
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/The worker \S+ does not take part\. .*code that plays episodes differs/s);
    await worker.finished;
    const record = Object.keys(digests(out)).map((file) => readFileSync(join(out, file), 'utf8'));
    expect([...record, stderr, refused.stderr].filter((text) => text.includes('hush-42'))).toEqual([]);
  },
  10 * minutes,
);

const finish = completion({
  tool_calls: [{ id: '1', type: 'function', function: { name: 'finish', arguments: '{}' } }],
});

/** An environment in which a model is asked there. */
const at = (url: string) => ({ ...process.env, OPENAI_BASE_URL: url, OPENAI_API_KEY: 'none' });

test.runIf(hasRedis)(
  'only workers ask a model; one that cannot reach it does not take part, and the run goes on with others',
  async () => {
    await using model = await fakeServer(({ path }) =>
      path.endsWith('/models') ? { body: { data: [{ id: 'tiny' }] } } : { body: finish },
    );
    const redis = await startRedis();
    const out = join(temporaryFolder(), 'run');
    const asked = ['run', '--policy', 'openai:tiny', '--suite', 'micro', '--limit', '2', '--out', out] as const;
    const run = startIn(at('http://127.0.0.1:9/v1'), ...asked, '--queue', redis.address);
    onTestFinished(() => void run.child.kill('SIGKILL'));
    await said(run.child, 'Workers play this run');
    const refused = await startWorker(redis.address, at('http://127.0.0.1:9/v1')).finished;
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/cannot play the run.*127\.0\.0\.1:9/s)]);
    startWorker(redis.address, at(`${model.url}/v1`));
    const { code, stderr } = await run.finished;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/does not take part\..*127\.0\.0\.1:9/s)]);
  },
  10 * minutes,
);
