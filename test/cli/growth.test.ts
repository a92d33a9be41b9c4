import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import readRun, { readManifest } from '../../core/record/read-run.ts';
import { isWhole } from '../whole.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

const growth = ['experiment', 'growth', '--suite', 'basic-2', '--no-record'];
const sizes = ['30', '100', '300', '1000', 'all'];

describe('toolstone experiment growth', { timeout: 300_000 }, () => {
  test.runIf(isWhole)('has toolspaces of its own, and refuses --tools before any episode', async () => {
    const out = join(temporaryFolder(), 'run');
    const { code, stderr } = await toolstone(...growth, '--tools', '50', '--out', out);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'These jobs are played among toolspaces of their own sizes: leave out --tools and --pool.',
    );
    expect(existsSync(out)).toBe(false);
  });

  // A training, and 60 tasks at each of five sizes for two jobs.
  test.runIf(isWhole)(
    'trains among the fewest tools, measures at every size without a window, and draws it',
    async () => {
      const out = join(temporaryFolder(), 'run');
      const rows = ['--rows', 'pointer, tool', 'oracle, eager'];
      const { code, stderr } = await toolstone(...growth, '--seeds', '1', '--episodes', '32', ...rows, '--out', out);
      expect(code, stderr).toBe(0);
      const { limits, sizes: recorded, distractors } = readManifest(out);
      expect(limits.contextTokens).toBeGreaterThan(10_000_000);
      expect(distractors).toBeUndefined();
      expect(recorded?.map(({ asked }) => asked)).toEqual(sizes);
      const { episodes } = readRun(out);
      const oracle = episodes.filter(({ job }) => job.startsWith('oracle'));
      expect(oracle).toHaveLength(60 * sizes.length);
      expect(oracle.every(({ success }) => success?.verified)).toBe(true);
      expect(Math.max(...oracle.map(({ peakTokens }) => peakTokens))).toBeGreaterThan(300_000);
      const trained = episodes.filter(({ job, phase }) => job.startsWith('grpo') && phase.endsWith('-tools'));
      expect(trained).toHaveLength(60 * sizes.length);
      const svg = readFileSync(join(out, 'tables/growth.svg'), 'utf8');
      expect(svg).toMatch(/oracle, eager, 2\d{3} tools: 1\.00/);
      // What cannot be told apart by id is not judged again.
      const judged = await toolstone('judge', out, '--judge', 'code', '--out', join(temporaryFolder(), 'judged'));
      expect(judged.code).toBe(2);
      expect(judged.stderr).toContain('among toolspaces of several sizes');
      expect((await toolstone('report', out)).code).toBe(0);
    },
  );
});
