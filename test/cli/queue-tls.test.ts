/** Queues by TLS, for a user with a password; skipped, and said, where `redis-server` has no TLS. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { said } from '../queue/queued-run.ts';
import { noTls, startTlsRedis } from '../queue/tls-redis.ts';
import { isWhole } from '../whole.ts';
import { digests, startIn, temporaryFolder, toolstone } from './toolstone.ts';

if (noTls !== undefined) process.stderr.write(`!! SKIPPED: queues by TLS, for ${noTls}\n`);

const planted = { user: 'planted-user-7', password: 'planted-password-42' } as const;
const played = ['run', '--policy', 'oracle', '--suite', 'micro', '--limit', '4'] as const;

/** What a worker says that does not come to a queue. */
async function refusal(env: NodeJS.ProcessEnv, address: string): Promise<string> {
  const { code, stdout, stderr } = await startIn(env, 'worker', address, '--once').finished;
  expect(code, stderr).toBe(2);
  expect(stdout + stderr).not.toMatch(/planted|\n {4}at /);
  return stderr;
}

/** Exit code and sentences of a command in this process. */
async function ended(...args: readonly string[]): Promise<[number | null, string]> {
  const { code, stderr } = await toolstone(...args);
  return [code, stderr];
}

test.runIf(noTls === undefined)(
  'an unknown authority and a port of the other kind are refused with the cure',
  async () => {
    const { address, mistaken } = await startTlsRedis(planted);
    expect(await ended('worker', address)).toEqual([
      2,
      expect.stringMatching(
        /No encrypted connection .* certificate.*Name the file of your own authority by NODE_EXTRA_CA_CERTS/s,
      ),
    ]);
    expect(await ended('worker', mistaken)).toEqual([
      2,
      expect.stringMatching(/for a Redis with TLS write rediss:\/\//),
    ]);
  },
);

test.runIf(noTls === undefined)('a user who may not do what a queue needs is told what to grant', async () => {
  const { user, password } = planted;
  const { plain } = await startTlsRedis({ ...planted, rights: ['~*', '+@all', '-set', '-mget'] });
  onTestFinished(() => void vi.unstubAllEnvs());
  vi.stubEnv('TOOLSTONE_REDIS_USER', user);
  vi.stubEnv('TOOLSTONE_REDIS_PASSWORD', password);
  const address = plain.replace('rediss:', 'redis:');
  for (const command of [
    [...played, '--out', join(temporaryFolder(), 'run'), '--queue', address],
    ['worker', address],
  ]) {
    const [code, stderr] = await ended(...command);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/does not let the user do .*NOPERM.*acl setuser USER/s)]);
    expect(stderr).not.toMatch(/planted/);
  }
});

test.runIf(noTls === undefined && isWhole)(
  'a run by TLS has the same bytes, and neither user nor password in any file or sentence; a wrong one of either is refused',
  async () => {
    const folder = temporaryFolder();
    const [threads, out] = [join(folder, 'threads'), join(folder, 'queued')];
    expect((await toolstone(...played, '--out', threads)).code).toBe(0);
    const { address, plain, authority } = await startTlsRedis(planted);
    const as = ({ user, password }: { readonly user: string; readonly password: string }) => ({
      ...process.env,
      TOOLSTONE_REDIS_USER: user,
      TOOLSTONE_REDIS_PASSWORD: password,
      NODE_EXTRA_CA_CERTS: authority,
    });
    expect(await refusal(as(planted), plain)).toMatch(/does not answer.*for a Redis without TLS write redis:\/\//s);
    for (const wrong of [
      { ...planted, password: 'planted-and-wrong' },
      { ...planted, user: 'planted-stranger' },
      { ...planted, user: '' },
    ])
      expect(await refusal(as(wrong), address)).toMatch(
        /refuses the user: WRONGPASS.*Set TOOLSTONE_REDIS_PASSWORD, and TOOLSTONE_REDIS_USER/,
      );
    const run = startIn(as(planted), ...played, '--out', out, '--queue', address, '--batch', '2');
    onTestFinished(() => void run.child.kill('SIGKILL'));
    await said(run.child, 'Workers play this run');
    const workers = [0, 1].map(() => startIn(as(planted), 'worker', address, '--once', '--concurrency', '1'));
    for (const { child } of workers) onTestFinished(() => void child.kill('SIGKILL'));
    const ended = await Promise.all([run, ...workers].map(({ finished }) => finished));
    expect(
      ended.map(({ code }) => code),
      ended.map(({ stderr }) => stderr).join(''),
    ).toEqual([0, 0, 0]);
    expect(digests(out)).toEqual(digests(threads));
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(10);
    const texts = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString('latin1'));
    const printed = ended.flatMap(({ stdout, stderr }) => [stdout, stderr]);
    expect([...texts, ...printed].filter((text) => /planted/.test(text))).toEqual([]);
  },
  10 * 60_000,
);
