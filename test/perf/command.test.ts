import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { helpPerf, processorMilliseconds } from '../../commands/perf/help.ts';
import { longResultPerf } from '../../commands/perf/long-results.ts';
import { longText, longTextKinds } from '../../commands/perf/long-texts.ts';
import { measureGroups, type PerfGroup, type PerfRow } from '../../commands/perf/measure.ts';
import { programPerf } from '../../commands/perf/programs.ts';
import { startPerf } from '../../commands/perf/starts.ts';
import { tokenPerf } from '../../commands/perf/tokens.ts';
import { wirePerf } from '../../commands/perf/wire.ts';
import { worldPerf } from '../../commands/perf/worlds.ts';
import { episodePerf } from '../../commands/perf/episodes.ts';
import { trainingPerf } from '../../commands/perf/learning.ts';
import { policyPerf } from '../../commands/perf/policy.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';

function expectWhole(rows: readonly PerfRow[]): void {
  for (const { what, ours, yardstick, ratio, unit } of rows) {
    if (unit === 'entities') expect(ours.median, what).toBe(0);
    else expect(ours.median, what).toBeGreaterThan(0);
    if (yardstick) expect(yardstick.median, what).toBeGreaterThan(0);
    if (yardstick) expect(ratio?.median, what).toBeCloseTo(ours.median / yardstick.median, 2);
  }
}

const silent = () => undefined;

async function measured(group: PerfGroup): Promise<readonly PerfRow[]> {
  const rows = await measureGroups([group], { rounds: 1 }, silent);
  expectWhole(rows);
  return rows;
}

describe('toolstone perf', { timeout: 120_000 }, () => {
  test('prints a table, writes the figures', async () => {
    const json = join(temporaryFolder(), 'perf.json');
    const { code, stdout, stderr } = await toolstone('perf', '--rounds', '1', '--only', 'view', '--json', json);
    expect(code, stderr).toBe(0);
    const rows = JSON.parse(readFileSync(json, 'utf8')) as PerfRow[];
    expect(rows.map(({ what }) => what)).toEqual([
      'turn in the tool view',
      'turn in the server view',
      'turn in the search view',
      'tool view opened over 2100 kept tools',
      'server view opened over 2100 kept tools',
      'search view opened over 2100 kept tools',
      'search among 2100 kept tools',
    ]);
    expectWhole(rows);
    const lines = stdout.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
    expect(lines[0]).toBe('| what | ours | yardstick | ratio | target | met |');
    expect(lines[1]).toMatch(
      /^\| turn in the tool view \| 2100 tools offered: \S+ ms \| 30 tools offered: \S+ ms \| \S+ \| ratio ≤ 1.1 \| (yes|no) \|$/,
    );
  });

  test('answers an unknown measurement with the known ones', async () => {
    const { code, stderr } = await toolstone('perf', '--only', 'speed');
    expect(code).toBe(2);
    expect(stderr).toContain(
      'There is no measurement "speed". Known: world, episode, starts, view, toolspaces, programs, tokens, long-results, tasks, policy, ',
    );
  });
});

/** Nothing here says how fast anything has to be; where there is training before, it is a single update. */
describe.runIf(isWhole)('a measurement of', { timeout: 120_000 }, () => {
  test('calls and resets', async () => {
    const rows = await measured(worldPerf);
    expect(rows.map(({ what, unit, target }) => [what, unit, target])).toEqual([
      ['tool call, filesystem read_text_file', 'ms', { of: 'ratio', atMost: 1.15 }],
      ['tool call, memory open_nodes', 'ms', { of: 'ratio', atMost: 1.15 }],
      ['reset of filesystem and memory', 'ms', { of: 'ours', atMost: 10 }],
    ]);
  });

  test('whole episodes, of whose entities none is lost', async () => {
    const rows = await measured(episodePerf(0));
    expect(rows.map(({ what, target }) => [what, target])).toEqual([
      ['episodes of six calls, 1 at a time', { of: 'ratio', atLeast: 0.8 }],
      ['episodes of six calls, 10 at a time', { of: 'ratio', atLeast: 0.8 }],
      ['the same in the tool view, six turns more for loading, 10 at a time', null],
      ['entities lost of 200, 10 episodes at a time', { of: 'ours', atMost: 0 }],
    ]);
    expect(rows.at(-1)?.ours.median, 'entities lost').toBe(0);
  });

  test('starts, and what many offered servers take', async () => {
    const rows = await measured(startPerf);
    expect(rows.map(({ unit, target }) => [unit, target]).slice(-2)).toEqual([
      ['s', { of: 'ratio', atMost: 1.15 }],
      ['MB', { of: 'ours', atMost: 30 }],
    ]);
  });

  test('recording, and a strict replay of a model only where one is named', async () => {
    const rows = await measured(wirePerf(undefined));
    expect(rows.map(({ what, target }) => [what, target])).toEqual([
      ['episodes of six calls, recorded over the wire', null],
    ]);
  });

  test('programs', async () => {
    const rows = await measured(programPerf);
    expect(rows.map(({ what, target }) => [what, target])).toEqual([
      ['30 calls of 2 ms, one after the other', { of: 'ratio', atMost: 1.25 }],
      ['30 calls of 2 ms, together on three servers', { of: 'ratio', atMost: 1 }],
      ['a sandbox started, and a call in it', { of: 'ratio', atMost: 1.3 }],
    ]);
  });

  test('tokens', async () => {
    expect((await measured(tokenPerf)).map(({ unit }) => unit)).toEqual(['MB/s']);
  });

  test('long results, of texts of which none comes twice', async () => {
    const { comparisons, close } = await longResultPerf.open();
    expect(comparisons.map(({ unit, target }) => [unit, target])).toEqual(
      longTextKinds.flatMap(() => [
        ['ms', { of: 'ratio', atMost: 150 }],
        ['MB', { of: 'ours', atMost: 300 }],
      ]),
    );
    expect(await comparisons[0]?.yardstick?.sample()).toBeGreaterThan(0);
    await close();
    for (const kind of longTextKinds) {
      const texts = [1, 2].map((seed) => longText(kind, 25_000, seed));
      expect(new Set(texts).size, kind).toBe(2);
      expect(
        texts.map((text) => Array.from(text).length),
        kind,
      ).toEqual([25_002, 25_002]);
    }
  });

  test('the policy and its learner', async () => {
    const rows = await measured(policyPerf(32));
    expect(rows.map(({ what }) => what)).toEqual([
      'policy forward, one choice',
      'policy forward, one episode',
      'learner step, 32 episodes',
    ]);
  });

  test('help beside that of a commit, which leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const git = (...words: string[]) => execFileSync('git', words, { cwd: folder, encoding: 'utf8' });
    git('init', '--quiet');
    writeFileSync(join(folder, 'toolstone.ts'), "process.stdout.write(process.argv.slice(2).join(' '));");
    git('add', '.');
    git('-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org', 'commit', '--quiet', '-m', 'Begin');
    mkdirSync(join(folder, 'node_modules', 'package'), { recursive: true });
    const rows = await measured(helpPerf('HEAD', folder));
    expect(rows.map(({ what, unit, target }) => [what, unit, target])).toEqual([
      ['processor time of toolstone --help', 'ms', { of: 'ratio', atMost: 0.5 }],
    ]);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, 'node_modules', 'package'))).toBe(true);
    expect(() => helpPerf('nowhere', folder)).toThrow('There is no commit "nowhere" to measure against.');
  });

  test('a program counts its own processor time, and none that fails', () => {
    const folder = temporaryFolder();
    const [busy, broken] = ['busy.mjs', 'broken.mjs'].map((name) => join(folder, name)) as [string, string];
    writeFileSync(busy, 'const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);');
    writeFileSync(broken, "throw new Error('on purpose');");
    expect(processorMilliseconds(busy)).toBeGreaterThan(200);
    expect(() => processorMilliseconds(broken)).toThrow(/broken\.mjs ended with 1: .*on purpose/s);
  });

  test('training in two threads beside the oracle, and what of it is updates', async () => {
    const rows = await measured(
      trainingPerf({
        name: 'training',
        suite: 'files-and-graph',
        what: 'training',
        lanes: 1,
        episodesBefore: 32,
        episodesPerRound: 32,
      }),
    );
    expect(rows.map(({ what, unit }) => [what, unit])).toEqual([
      ['training', 'episodes/s'],
      ['training: share of the time that is left to episodes', ''],
    ]);
  });
});
