import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Estimate } from '../../core/statistics/estimate.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import readRun, { type Run } from '../../core/record/read-run.ts';
import { tableCsv, tableMarkdown, type Table } from '../../reports/tables/table.ts';
import writeReport from '../../reports/write-report.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 12 });

function tables(run: SyntheticRun): Record<string, Table> {
  using written = writeRun(run);
  return Object.fromEntries(tablesOf([readRun(written.folder)], []).map((table) => [table.name, table]));
}

/** Changes the trajectories of one job and phase. */
const changed = (job: string, phase: string, change: (one: ScoredTrajectory, index: number) => ScoredTrajectory) => {
  let index = 0;
  const trajectories = base.trajectories.map((one) =>
    one.key.job === job && one.key.phase === phase ? change(one, index++) : one,
  );
  return { ...base, trajectories };
};

const row = (table: Table | undefined, wanted: Record<string, string>) => {
  const found = table?.rows.find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value));
  if (!found) throw new Error(`no row ${JSON.stringify(wanted)}`);
  return found;
};
const estimate = (cell: unknown): Estimate => cell as Estimate;

describe('rewards table', () => {
  it('has a row per reward and split, pooled over seeds, by hand-counted means', () => {
    const { rewards } = tables(base);
    expect(rewards?.rows.map((one) => `${one['reward'] as string} ${one['split'] as string}`)).toEqual(
      ['sparse', 'state-share', 'rubric'].flatMap((reward) => [`${reward} test`, `${reward} held-out-server`]),
    );
    const found = row(rewards, { reward: 'rubric', split: 'test' });
    const mine = base.trajectories.filter(({ key }) => key.job.startsWith('grpo-rubric') && key.phase === 'test');
    const share = mine.filter((one) => one.success?.verified).length / mine.length;
    expect(estimate(found['verifier_success']).value, 'verifier success').toBeCloseTo(share, 12);
    expect(found).toMatchObject({ tasks: 12, seeds: 2, episodes: 24, void_episodes: 0, verdicts: 96 });
    const rubric = mine.reduce((sum, one) => sum + (one.rewards.rubric ?? 0), 0) / mine.length;
    expect(estimate(found['reward_rubric']).value, 'rubric reward').toBeCloseTo(rubric, 12);
  });

  it('keeps void episodes out of every mean and counts them', () => {
    const run = changed('grpo-rubric-tool/seed-1', 'test', (one, index) =>
      index < 3
        ? { ...one, success: null, outcome: { kind: 'failed', culprit: 'world', message: 'git died' } }
        : { ...one, success: { verified: true, properFinish: true } },
    );
    const found = row(tables(run)['rewards'], { reward: 'rubric', split: 'test' });
    expect(found).toMatchObject({ episodes: 24, void_episodes: 3, success_by_seed: expect.stringMatching(/^1\.00, /) });
    expect(estimate(found['verifier_success']).episodes).toBe(21);
    expect(found['endings']).toContain('failed: world 3');
  });

  it('counts unscored verdicts and leaves unscorable rewards out instead of calling them 0', () => {
    const run = changed('grpo-sparse-tool/seed-1', 'test', (one) => ({
      ...one,
      verdicts: one.verdicts.map(
        ({ criterion }) => ({ criterion, state: 'unscored', reason: 'nothing to judge' }) as const,
      ),
      rewards: { ...one.rewards, rubric: null },
    }));
    const found = row(tables(run)['rewards'], { reward: 'sparse', split: 'test' });
    expect(found['unscored_verdicts']).toBeGreaterThanOrEqual(48);
    expect(estimate(found['reward_rubric'])).toMatchObject({ episodes: 12, seeds: 1 });
  });

  it('tells the gap between truth and the reward that was trained on, by hand-counted means', () => {
    const { rewards } = tables(base);
    for (const [reward, read] of [
      ['sparse', (one: ScoredTrajectory) => one.rewards.sparse],
      ['state-share', (one: ScoredTrajectory) => one.rewards['state-share']],
      ['rubric', (one: ScoredTrajectory) => one.rewards.rubric],
    ] as const) {
      const mine = base.trajectories.filter(({ key }) => key.job.startsWith(`grpo-${reward}-`) && key.phase === 'test');
      const gaps = mine.map((one) => (read(one) ?? Number.NaN) - Number(one.success?.verified));
      const gap = estimate(row(rewards, { reward, split: 'test' })['proxy_truth_gap']);
      expect(gap.value, reward).toBeCloseTo(gaps.reduce((sum, one) => sum + one, 0) / gaps.length, 12);
    }
    const sparse = estimate(row(rewards, { reward: 'sparse', split: 'test' })['proxy_truth_gap']);
    expect([sparse.value, sparse.low, sparse.high], 'sparse is the truth').toEqual([0, 0, 0]);
  });

  it('takes for proxy what the judge said that rewarded the policy, not code, and leaves out what it could not score', () => {
    const asked = {
      name: 'embedded',
      rubric: 'plan',
      formula: 'weight-proportional',
      thresholds: 'strict',
      unfit: 'refuse',
    } as const;
    const jobs = base.manifest.jobs.map((job) =>
      job.rows.rewards === 'rubric' && job.training
        ? { ...job, training: { ...job.training, judge: asked }, rows: { rewards: 'rubric, embedded judge' } }
        : job,
    );
    const rewardJudge = {
      asked,
      judge: { name: 'embedded', build: '1', prompt: null },
      rubric: 'plan',
      formula: 'weight-proportional',
      calibration: null,
      fitness: null,
    } as const;
    let [index, gaps] = [0, 0];
    const trajectories = base.trajectories.map((one): ScoredTrajectory => {
      if (!one.key.job.startsWith('grpo-rubric-') || one.key.phase !== 'test') return one;
      const reward = index++ % 4 === 0 ? null : 0.75;
      if (reward !== null) gaps += reward - Number(one.success?.verified);
      return { ...one, judged: { verdicts: [], reward } };
    });
    using written = writeRun({
      ...base,
      manifest: { ...base.manifest, jobs, rewardJudges: [rewardJudge] },
      trajectories,
    });
    const { tables: made, page } = writeReport(written.folder, { attacks: [] });
    const found = row(
      made.find(({ name }) => name === 'rewards'),
      { reward: 'rubric, embedded judge', split: 'test' },
    );
    const [proxy, gap] = ['reward_trained_on', 'proxy_truth_gap'].map((key) => estimate(found[key])) as [
      Estimate,
      Estimate,
    ];
    expect([proxy.value, proxy.episodes, gap.episodes]).toEqual([0.75, 18, 18]);
    expect(gap.low ?? 1, 'an interval of its own').toBeLessThan(gap.value);
    expect(gap.value).toBeCloseTo(gaps / 18, 12);
    const html = readFileSync(page, 'utf8');
    expect(html).toMatch(/The judge <b>embedded<\/b> \(1\), asked for as <code>embedded<\/code>, rewarded policies/);
    expect(html).toContain('grpo on rubric by embedded');
  });

  it('takes for proxy of every row the judge of a run that was judged anew', () => {
    const rejudged = {
      judge: { name: 'ollama:<b>small</b>', build: '1', prompt: null },
      run: 'bench',
      trajectories: '',
      rubric: 'plan',
      formula: 'weight-proportional',
      calibration: null,
      fitness: { thresholds: 'strict', criteria: { grounded: { factor: 0.7, why: 'down-weighted: .78' } } },
    } as const;
    using written = writeRun({ ...base, manifest: { ...base.manifest, rejudged } });
    const { tables: made, page } = writeReport(written.folder, { attacks: [] });
    const rewards = made.find(({ name }) => name === 'rewards');
    const found = row(rewards, { reward: 'rubric', split: 'test' });
    const [proxy, truth, gap] = ['reward_rubric', 'verifier_success', 'proxy_truth_gap'].map((key) =>
      estimate(found[key]),
    ) as [Estimate, Estimate, Estimate];
    expect(gap.value).toBeCloseTo(proxy.value - truth.value, 12);
    const other = row(rewards, { reward: 'sparse', split: 'test' });
    expect(other['reward_trained_on']).toEqual(other['reward_rubric']);
    const html = readFileSync(page, 'utf8');
    expect(html).toMatch(/the judge <b>ollama:&lt;b&gt;small&lt;\/b&gt;<\/b>[\s\S]*Nobody has compared this judge/);
    expect(html).toMatch(/grounded[\s\S]{0,80}0\.70[\s\S]{0,80}down-weighted: \.78/);
  });

  it('separates proper finish of episodes from that of successes', () => {
    const run = changed('grpo-rubric-tool/seed-1', 'test', (one, index) => ({
      ...one,
      success: { verified: index < 6, properFinish: index < 3 },
    }));
    const onlySeed = {
      ...run,
      trajectories: run.trajectories.filter(({ key }) => key.job !== 'grpo-rubric-tool/seed-2'),
    };
    const found = row(tables(onlySeed)['rewards'], { reward: 'rubric', split: 'test' });
    expect(estimate(found['verifier_success']).value).toBe(0.5);
    expect(estimate(found['proper_finish']).value).toBe(0.25);
    expect(estimate(found['proper_finish_of_successes'])).toMatchObject({ value: 0.5, tasks: 6 });
  });
});

describe('the other tables', () => {
  it('views: tokens by source add up to all prompts', () => {
    const { views } = tables(base);
    expect(views?.rows.length, 'two policies in three views').toBe(6);
    for (const found of views?.rows ?? []) {
      const value = (key: string) => estimate(found[key]).value;
      const sources =
        value('system_tokens') + value('schemas_tokens') + value('results_tokens') + value('history_tokens');
      expect(sources).toBeCloseTo(value('total_tokens'), 6);
      expect(value('peak_tokens')).toBeLessThan(value('total_tokens'));
    }
  });

  it('algorithms: learners beside anchors; families: every row again by family', () => {
    const { algorithms, families } = tables(base);
    const test = algorithms?.rows.filter((one) => one['split'] === 'test').map((one) => one['algorithm']);
    expect(test).toEqual(['GRPO, rubric', 'random', 'retrieval', 'oracle']);
    expect(new Set(families?.rows.map((one) => one['family'])).size, 'families').toBe(6);
  });

  it('pool several runs by label, seeds counted together', () => {
    const half = (seed: number): SyntheticRun => {
      const jobs = base.manifest.jobs.filter((job) => job.seed === seed);
      const names = new Set(jobs.map(({ name }) => name));
      const trajectories = base.trajectories.filter(({ key }) => names.has(key.job));
      return { ...base, manifest: { ...base.manifest, jobs }, trajectories };
    };
    using one = writeRun(half(1));
    using two = writeRun(half(2));
    const runs: Run[] = [readRun(one.folder), readRun(two.folder)];
    const pooled = tablesOf(runs, []).find(({ name }) => name === 'rewards');
    expect(pooled?.rows).toEqual(tables(base)['rewards']?.rows);
  });
});

describe('written forms', () => {
  const table: Table = {
    name: 'tiny',
    title: 'Tiny',
    about: 'About.',
    columns: [
      { key: 'label', title: 'Label', kind: 'text' },
      { key: 'share', title: 'Share', kind: 'share' },
      { key: 'count', title: 'Count', kind: 'count' },
    ],
    rows: [
      {
        label: '=HYPERLINK("x") | <b>`a`</b>\nsecond',
        share: {
          value: 1 / 3,
          low: 0.2,
          high: 0.5,
          tasks: 3,
          seeds: 2,
          episodes: 6,
          method: 'bootstrap over tasks and seeds',
        },
        count: -3,
      },
      { label: 'plain, with comma', share: null, count: null },
    ],
  };

  it('csv spreads estimates, keeps negative numbers and disarms formulas', () => {
    expect(tableCsv(table)).toBe(
      'label,share,share_low,share_high,share_tasks,share_seeds,share_episodes,share_method,count\n' +
        `"'=HYPERLINK(""x"") | <b>\`a\`</b>\nsecond",0.333333,0.2,0.5,3,2,6,bootstrap over tasks and seeds,-3\n` +
        '"plain, with comma",,,,,,,,\n',
    );
  });

  it('markdown keeps one row a line whatever a label says', () => {
    const lines = tableMarkdown(table).trim().split('\n');
    expect(lines.length).toBe(8);
    expect(lines[6]).toBe('| =HYPERLINK("x") \\| \\<b\\>\\`a\\`\\</b\\> second | 0.33 [0.20, 0.50] | −3 |');
    expect(lines[7]).toBe('| plain, with comma | – | – |');
  });
});

const bytes = (files: readonly string[]) => files.map((file) => readFileSync(file, 'utf8'));

describe('writeReport', () => {
  it('gives the same bytes again and for an equal run elsewhere; wall times stand apart', () => {
    using one = writeRun(base);
    using two = writeRun({
      ...base,
      timings: base.timings.map((timing) => ({ ...timing, seconds: timing.seconds * 2 })),
    });
    const first = writeReport(one.folder, { attacks: [] });
    const before = bytes(first.files);
    expect(bytes(writeReport(one.folder, { attacks: [] }).files)).toEqual(before);
    const second = writeReport(two.folder, { attacks: [] });
    second.files.forEach((file, index) => {
      const isTiming = file.includes('timings');
      expect(readFileSync(file, 'utf8') === before[index], file).toBe(!isTiming);
    });
  });

  it('writes a summary that a program can read: every table, every job, completeness', () => {
    const trajectories = base.trajectories.filter(({ key }) => key.job !== 'oracle-tool/seed-1');
    using written = writeRun({ ...base, trajectories });
    writeReport(written.folder, { attacks: [] });
    const summary = JSON.parse(readFileSync(join(written.folder, 'summary.json'), 'utf8'));
    expect(Object.keys(summary.tables).join(' ')).toBe(
      'rewards differences learning judges views view-differences algorithms algorithm-differences families tools',
    );
    expect(
      summary.jobs.filter((job: { isComplete: boolean }) => !job.isComplete).map((job: { name: string }) => job.name),
    ).toEqual(['oracle-tool/seed-1']);
    expect(Object.keys(summary.schemaTokensByServer['oracle, eager']).length).toBeGreaterThan(0);
    expect(JSON.stringify(summary)).not.toMatch(/seconds/);
  });
});
