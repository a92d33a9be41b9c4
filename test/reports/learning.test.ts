import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LearningPoint, Timing } from '../../core/run-types.ts';
import learningTable from '../../reports/tables/learning.ts';
import readRun from '../../core/record/read-run.ts';
import { trainingTimingsTable } from '../../reports/tables/timings.ts';
import writeReport from '../../reports/write-report.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 3, tasks: 6 });
const updates = [1, 2, 3, 4, 5, 6, 7, 8];

/** Of twelve validation tasks, those that the policy solves after 0, 128, 256, 384 and 512 episodes, by seed. */
const solved: Readonly<Record<string, readonly number[]>> = {
  'grpo-rubric-tool/seed-1': [0, 6, 9, 10, 9],
  'grpo-rubric-tool/seed-2': [3, 3, 6, 9, 9],
  'grpo-rubric-tool/seed-3': [0, 9, 12, 12, 12],
};
const trained = base.manifest.jobs.filter(({ training }) => training !== null).map(({ name }) => name);

/** Figures by hand: one seed of the rubric's three never reaches .8, no other policy solves anything. */
const run: SyntheticRun = {
  ...base,
  trajectories: base.trajectories.map((one) => {
    const [phase, episodes] = one.key.phase.split('@');
    if (phase !== 'validation') return one;
    const verified = Number(one.key.task.split('/').at(-1)) < (solved[one.key.job]?.[Number(episodes) / 128] ?? 0);
    return { ...one, success: { verified, properFinish: verified } };
  }),
  learning: trained.flatMap((job) => updates.map((update) => pointOf(job, update))),
  timings: trained.flatMap((job) => [1, 2, 3, 4].flatMap((point) => timingsOf(job, point))),
};

function pointOf(job: string, update: number): LearningPoint {
  const seed = Number(job.at(-1));
  const metrics = {
    verified: update / 8,
    frac_reward_zero_std: update / 10,
    entropy: 1 - update / 10,
    proxy_truth_gap: seed / 10 + update / 100,
    ...(job.startsWith('grpo-rubric') && update > 4 ? { sign_flips: seed / 10 } : {}),
  };
  return { job, update, episodes: 64 * update, metrics };
}

function timingsOf(job: string, point: number): Timing[] {
  const timing = (phase: string, seconds: number) => ({
    job,
    phase: `${phase}@${128 * point}`,
    episodes: 128,
    seconds,
  });
  const judge = { calls: 64, cachedCalls: 128, promptTokens: 12_800, outputTokens: 0 };
  const judging = job.startsWith('grpo-rubric') ? [{ ...timing('judge', 1), judge }] : [];
  return [timing('train', 10 * point), timing('update', 2 * point), ...judging, timing('validation', 1000)];
}

const rowsOf = (of: SyntheticRun) => {
  using written = writeRun(of);
  const read = readRun(written.folder);
  return { learning: learningTable([read]).rows, timings: trainingTimingsTable([read]).rows };
};

test('a row per trained arm, once each: episodes to a threshold, and quarters of the training', () => {
  const { learning } = rowsOf(run);
  expect(learning.map(({ arm }) => arm)).toEqual(['sparse', 'state-share', 'rubric']);
  const [sparse, , rubric] = learning;
  expect(rubric).toMatchObject({
    seeds: 3,
    episodes: 512,
    episodes_to_50: 128,
    seeds_to_50: 3,
    episodes_to_80: 384,
    seeds_to_80: 2,
  });
  const means = {
    verified_last: 7.5 / 8,
    zero_variance_first: 0.15,
    zero_variance_last: 0.75,
    gap_first: 0.215,
    gap_last: 0.275,
    sign_flips: 0.2,
    entropy_last: 0.25,
  };
  for (const [key, value] of Object.entries(means)) expect(rubric?.[key], key).toBeCloseTo(value, 12);
  expect(sparse).toMatchObject({ episodes_to_50: null, seeds_to_50: 0, seeds_to_80: 0, sign_flips: null });
});

test('half of the seeds never there: no median, however soon the other half was', () => {
  const { learning } = rowsOf({ ...run, learning: run.learning.filter(({ job }) => !job.endsWith('seed-3')) });
  expect(learning[2]).toMatchObject({ seeds: 2, episodes_to_50: 192, episodes_to_80: null, seeds_to_80: 1 });
});

test('seconds of training and judging, and to the threshold, stand in a table of their own', () => {
  const { timings } = rowsOf(run);
  expect(timings.find(({ arm }) => arm === 'rubric')).toEqual({
    arm: 'rubric',
    seeds: 3,
    train_seconds: 100,
    update_seconds: 20,
    judge_seconds: 4,
    seconds_per_1000_episodes: 100_000 / 512,
    judge_seconds_per_1000_episodes: 4_000 / 512,
    judge_calls_per_1000_episodes: 1_500,
    judge_cached_calls_per_1000_episodes: 1_000,
    judge_tokens_per_1000_episodes: 100_000,
    // 60 s, never, and 30 s.
    seconds_to_80: 60,
    seeds_to_80: 2,
  });
  expect(timings.find(({ arm }) => arm === 'sparse')).toMatchObject({
    judge_seconds: null,
    judge_calls_per_1000_episodes: null,
    seconds_to_80: null,
  });
  using written = writeRun(run);
  const { files, tables, page } = writeReport(written.folder, { attacks: [] });
  expect(files.filter((file) => file.includes('timings-training'))).toHaveLength(3);
  expect(tables.map(({ name }) => name)).toContain('learning');
  const html = readFileSync(page, 'utf8');
  expect(html).toContain('id="table-learning"');
  expect(html, 'no clock time').not.toContain('Seconds of training');
});
