import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { tmpdir } from 'node:os';
import type { Trajectory } from '../../core/trajectory.ts';
import { digests, startIn, toolstone } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';

const guard = fileURLToPath(new URL('no-servers.cjs', import.meta.url));
const isolated = { ...process.env, NODE_OPTIONS: `--require ${guard}` };

/** What is played: few tasks, each by a policy that solves it and by one that may not. */
const [suite, tasks] = isWhole ? ['basic', 6] : ['micro', 2];
const played = ['run', '--policy', 'oracle', 'retrieval', '--suite', suite, '--limit', `${tasks}`];
const withoutServers = (...more: readonly string[]) => startIn(isolated, ...played, ...more).finished;

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wire-'));
  const { code, stderr } = await toolstone(...played, '--out', at('run'), '--wire', `record:${at('rec')}`);
  expect(code, stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the recording whose lines were changed; packed as any program packs. */
function changed(name: string, change: (lines: string[]) => readonly string[]): string {
  const lines = gunzipSync(readFileSync(join(at('rec'), 'wire.jsonl.gz')))
    .toString()
    .trimEnd()
    .split('\n');
  const copy = at(name);
  cpSync(at('rec'), copy, { recursive: true });
  writeFileSync(join(copy, 'wire.jsonl.gz'), gzipSync(`${change(lines).join('\n')}\n`));
  return copy;
}

const episodeIn = (line: string): string => /"episode":"([^"]+)"/.exec(line)?.[1] ?? '';
const taskIn = (line: string): string | undefined => episodeIn(line).split(' ')[2];
/** The first episode's task is missing, of either policy. */
const withoutTask = (lines: readonly string[]) => lines.filter((line) => taskIn(line) !== taskIn(lines[1] ?? ''));

const outcomesOf = (run: string) =>
  readFileSync(join(run, 'trajectories.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as Trajectory).outcome);

describe('a strict replay of a run', () => {
  test('needs no server and gives the same bytes', async () => {
    const { code, stderr } = await withoutServers('--out', at('again'), '--wire', `strict:${at('rec')}`);
    expect(stderr).toContain('Wire: the recording answered');
    expect(code, stderr).toBe(0);
    expect(digests(at('again'))).toEqual(digests(at('run')));
  });

  test('voids an episode that was not recorded, names it and ends with 4', async () => {
    const copy = changed('fewer', withoutTask);
    const { code, stderr } = await withoutServers('--out', at('void'), '--wire', `strict:${copy}`);
    expect(stderr).toMatch(/These episodes are void[\s\S]+oracle-tool\/seed-1 test \S+ 0: the opening of its world/);
    expect(code).toBe(4);
    expect(outcomesOf(at('void')).filter(({ kind }) => kind === 'failed')).toHaveLength(2);
  });
});

test.runIf(isWhole)('a replay asks servers for what was not recorded, and counts it', async () => {
  const copy = changed('part', withoutTask);
  const { code, stderr } = await toolstone(...played, '--out', at('part-run'), '--wire', `replay:${copy}`);
  expect(code, stderr).toBe(0);
  expect(stderr).toMatch(/answered \d+ of \d+ requests of \d+ episodes/);
  expect(stderr).toMatch(/servers or models answered:\n {2}oracle-tool/);
  expect(digests(at('part-run'))).toEqual(digests(at('run')));
});

const refused = async (out: string, wire: string, ...more: readonly string[]) => {
  const { code, stderr } = await toolstone(...played, ...more, '--out', at(out), '--wire', wire);
  expect(existsSync(at(out))).toBe(false);
  return { code, stderr };
};

describe('a recording that cannot be used is refused in a sentence', () => {
  test('one that was edited, with the line', async () => {
    const copy = changed('edited', (lines) =>
      lines.map((line, index) => (index === 2 ? line.replace('startHash', 'startHush') : line)),
    );
    expect(await refused('x', `strict:${copy}`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /wire\.jsonl\.gz, line 3, is not what was written: .* Restore it from a copy/,
      ) as unknown,
    });
  });

  test('one of another suite', async () => {
    const { code, stderr } = await refused('x', `replay:${at('rec')}`, '--suite', 'smoke');
    expect(code).toBe(4);
    expect(stderr).toContain(`it is of the suite ${suite}, not of smoke`);
  });

  test('one that is not there, and a replay that names no folder', async () => {
    expect((await refused('x', `strict:${at('nothing')}`)).stderr).toContain('holds no recording');
    const { code, stderr } = await toolstone(...played, '--wire', `replay:${at('rec')}`);
    expect(code).toBe(2);
    expect(stderr).toContain('name a folder for it with --out');
  });

  test.runIf(isWhole)('half of one, which the run that made it completes', async () => {
    const half = at('half');
    cpSync(at('rec'), half, { recursive: true });
    const file = join(half, 'wire.jsonl.gz');
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, -20));
    expect((await refused('x', `strict:${half}`)).stderr).toContain('ends in the middle of an episode');
    const { code, stderr } = await toolstone(...played, '--out', at('run'), '--wire', `record:${half}`);
    expect(code).toBe(2);
    expect(stderr).toContain('lacks 1 of them');
    const again = await toolstone(...played, '--out', at('fresh'), '--wire', `record:${half}`);
    expect(again.code, again.stderr).toBe(0);
    expect(readFileSync(file)).toEqual(whole);
  });
});

const copyOf = (name: string): string => {
  cpSync(at('run'), at(name), { recursive: true });
  return at(name);
};

describe('verify', () => {
  test('finds nothing in a run as it is, also when it is played again', async () => {
    const { code, stdout, stderr } = await toolstone('verify', at('run'), '--wire', `strict:${at('rec')}`);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`rewards of ${2 * tasks} episodes were derived again`);
    expect(stdout).toContain('the run was played again by the recording, with equal records');
    expect(stdout).toMatch(/Nothing differs\.$/m);
  });

  test('names a table and a verdict that were changed', async () => {
    const run = copyOf('doctored');
    const table = join(run, 'tables', 'algorithms.csv');
    writeFileSync(table, readFileSync(table, 'utf8').replace(/\d/, '9'));
    const file = join(run, 'trajectories.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"verified":true', '"verified":false'));
    const { code, stderr } = await toolstone('verify', run);
    expect(code).toBe(2);
    expect(stderr).toContain('trajectories.jsonl, line 1, is not what the run wrote');
    // Whoever changes records may take the hashes away.
    for (const name of ['hashes.jsonl', 'chain.json']) rmSync(join(run, name));
    const forged = await toolstone('verify', run);
    expect(forged.code).toBe(1);
    expect(forged.stdout).toContain('Not verified: Records: written by an older Toolstone without hashes');
    expect(forged.stdout).toContain('Differs: trajectories.jsonl, line 1: success would be otherwise today');
    expect(forged.stdout).toMatch(/Differs: tables\/algorithms\.csv differs from line \d+ on/);
  });
});
