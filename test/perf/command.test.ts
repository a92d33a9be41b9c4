import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { policiesOf } from '../../baselines/catalogue.ts';
import choicePerf from '../../baselines/pointer/perf.ts';
import { measureGroups, type PerfRow } from '../../core/perf.ts';
import { startJobWorker } from '../../core/worker-thread.ts';
import { trainingPerf } from '../../suites/perf/learning.ts';
import { policyPerf } from '../../suites/perf/policy.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';

/** What is measured, by group; nothing here says how fast it has to be. */
const comparisons = {
  world: ['tool call, filesystem read_text_file', 'tool call, memory open_nodes', 'reset of filesystem and memory'],
  episode: [
    'episodes of six calls, 1 at a time',
    'episodes of six calls, 10 at a time',
    'the same in the tool view, six turns more for loading, 10 at a time',
    'entities lost of 200, 10 episodes at a time',
  ],
  view: ['turn in the tool view'],
  tokens: ['tokens of tool results counted'],
};

function expectWhole(rows: readonly PerfRow[]): void {
  for (const { what, ours, yardstick, ratio, unit } of rows) {
    if (unit === 'entities') expect(ours.median, what).toBe(0);
    else expect(ours.median, what).toBeGreaterThan(0);
    if (yardstick) expect(yardstick.median, what).toBeGreaterThan(0);
    if (yardstick) expect(ratio?.median, what).toBeCloseTo(ours.median / yardstick.median, 2);
  }
}

describe('toolstone perf', { timeout: 120_000 }, () => {
  test.each(Object.entries(comparisons))('measures %s', async (only, whats) => {
    const json = join(temporaryFolder(), 'perf.json');
    const { code, stdout, stderr } = await toolstone('perf', '--rounds', '1', '--only', only, '--json', json);
    expect(code, stderr).toBe(0);
    const rows = JSON.parse(readFileSync(json, 'utf8')) as PerfRow[];
    expect(rows.map(({ what }) => what)).toEqual(whats);
    expectWhole(rows);
    const lines = stdout.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
    expect(lines[0]).toBe('| what | ours | yardstick | ratio | target | met |');
    expect(lines).toHaveLength(whats.length + 1);
  });

  test('an unknown measurement is answered with the known ones', async () => {
    const { code, stderr } = await toolstone('perf', '--only', 'speed');
    expect(code).toBe(2);
    expect(stderr).toContain('There is no measurement "speed". Known: world, episode, view, tokens, policy, training');
  });
});

/** The groups that train first, here a single update. */
describe('measurements of learning', { timeout: 120_000 }, () => {
  test('the policy and its learner', async () => {
    const rows = await measureGroups([policyPerf(policiesOf, choicePerf, 32)], { rounds: 1 }, () => undefined);
    expect(rows.map(({ what }) => what)).toEqual([
      'policy forward, one choice',
      'policy forward, one episode',
      'learner step, 32 episodes',
    ]);
    expectWhole(rows);
  });

  test('training in two threads beside the oracle', async () => {
    const entry = new URL('../../toolstone.ts', import.meta.url);
    const group = trainingPerf({
      name: 'training',
      suite: 'files-and-graph',
      what: 'training',
      lanes: 1,
      episodesBefore: 32,
      startWorker: (suite, lanes) => startJobWorker(entry, { suite, lanes }),
    });
    const rows = await measureGroups([group], { rounds: 1 }, () => undefined);
    expect(rows.map(({ what, unit }) => [what, unit])).toEqual([['training', 'episodes/s']]);
    expectWhole(rows);
  });
});
