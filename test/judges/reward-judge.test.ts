import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Calibration } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { TrainingJudge } from '../../core/run-types.ts';
import type { Rubric, Verdict } from '../../core/reward-types.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { openRewardJudge } from '../../judges/reward/reward-judge.ts';
import { rewardVariance } from '../../judges/reward/reward-variance.ts';
import { score } from '../../judges/reward/rewards.ts';
import { rubricReward } from '../../judges/rubric/rubric.ts';
import { episode, file, finishTurn, folder, stray, task, wholePlan } from './episodes.ts';

const ids = task.rubric.criteria.map(({ id }) => id);
const asked = (name: string, more: Partial<TrainingJudge> = {}): TrainingJudge => ({
  name,
  rubric: 'plan',
  formula: 'weight-proportional',
  thresholds: 'strict',
  unfit: 'refuse',
  ...more,
});
const open = (name: string, more: Partial<TrainingJudge> = {}) =>
  openRewardJudge(asked(name, more), task.suite, [task]);
const { signal } = new AbortController();

const done = { files: [folder, file] };
const episodes = [
  score(task, episode([...wholePlan, finishTurn], done)),
  score(task, episode([...wholePlan, finishTurn], { files: [folder, file, stray] })),
  score(task, episode([finishTurn])),
  score(task, episode([], { outcome: { kind: 'failed', culprit: 'world', message: 'it died' } })),
];

/** The committed calibration of the embedded judge, with the balanced accuracy of one criterion changed. */
function calibrationWith(criterion: string, figures: { value: number; low: number; high: number }): string {
  const own = new URL('../../judges/embedded/calibration.json', import.meta.url);
  const records = JSON.parse(readFileSync(own, 'utf8')) as Calibration[];
  const planted = records.map((one) => {
    const before = one.byCriterion[criterion];
    if (before === undefined) return one;
    const balancedAccuracy = { ...before?.balancedAccuracy, ...figures };
    return { ...one, byCriterion: { ...one.byCriterion, [criterion]: { ...before, balancedAccuracy } } };
  });
  const path = join(mkdtempSync(join(tmpdir(), 'toolstone-reward-judge-')), 'calibration.json');
  onTestFinished(() => rmSync(join(path, '..'), { recursive: true }));
  writeFileSync(path, JSON.stringify(planted));
  return path;
}

test('the embedded judge rewards by its own verdicts, known for fit by the calibration that comes with it', async () => {
  const { use, source } = await open('embedded');
  expect(use.calibration?.balancedAccuracy?.value).toBeGreaterThan(0.9);
  expect(Object.values(use.fitness?.criteria ?? {}).map(({ factor }) => factor)).toEqual(ids.map(() => 1));
  const said = await source(task, episodes, signal);
  expect(said.map(({ reward }) => reward)).toEqual(
    said.map(({ verdicts }, index) => (index === 3 ? null : rubricReward(task.rubric, verdicts))),
  );
  const [whole = 0, , nothing = 1] = said.map(({ reward }) => reward ?? undefined);
  expect(whole).toBeGreaterThan(0.9);
  // An idle episode is tidy, whatever else it is (docs/judges.md).
  expect(nothing).toBeLessThan(0.3);
  // A stray file that no call of the record made is nothing that a reader can see: truth and proxy part here.
  expect(episodes[1]?.success?.verified).toBe(false);
  expect(said[1]).toEqual(said[0]);
});

test('one that is asked about each criterion alone, or for one holistic score, is known by figures of its own', async () => {
  const [joint, alone, holistic] = await Promise.all([
    open('embedded'),
    open('embedded?scope=criterion'),
    open('embedded', { rubric: 'generic' }),
  ]);
  const accuracies = [joint, alone, holistic].map(({ use }) => use.calibration?.balancedAccuracy?.value ?? 0);
  expect(accuracies[1]).toBeLessThan((accuracies[0] ?? 0) - 0.03);
  expect(accuracies[2]).toBeLessThan((accuracies[1] ?? 0) - 0.03);
  const [together, apart, whole] = await Promise.all(
    [joint, alone, holistic].map(({ source }) => source(task, episodes.slice(0, 1), signal)),
  );
  expect(apart?.[0]?.verdicts.map(({ criterion }) => criterion)).toEqual(ids);
  expect(apart?.[0]?.verdicts).not.toEqual(together?.[0]?.verdicts);
  expect(whole?.[0]?.verdicts.map(({ criterion }) => criterion)).toEqual(['whole']);
  // Each alone: nothing that it says hangs on the other criteria.
  const one = { ...task.rubric, form: 'free', criteria: task.rubric.criteria.slice(4, 5) } as const;
  const [[only] = []] = await (await judgeNamed('embedded')).judge({ ...task, rubric: one }, episodes.slice(0, 1));
  expect(apart?.[0]?.verdicts[4]).toEqual(only);
  await expect(open('embedded?scope=half')).rejects.toThrow(
    /"scope=half" is no setting: scope is one of all, criterion\./,
  );
});

test('a planted fault: a criterion that the judge cannot tell is refused by name and threshold, or left out', async () => {
  const calibration = calibrationWith('values-right', { value: 0.55, low: 0.48, high: 0.62 });
  const refused = open('embedded', { calibration });
  await expect(refused).rejects.toThrow(UsageError);
  await expect(refused).rejects.toThrow(
    /By the thresholds "strict" the judge embedded is unfit for 1 of 12 criteria: "values-right" \(refused: balanced accuracy 0\.55 \[0\.48, 0\.62\] reaches down to 0\.7\)\. .*--unfit down-weight/,
  );
  const { source } = await open('embedded', { calibration, unfit: 'down-weight' });
  const without = task.rubric.criteria.filter(({ id }) => id !== 'values-right');
  for (const { reward, verdicts } of (await source(task, episodes, signal)).slice(0, 3))
    expect(reward).toBeCloseTo(rubricReward({ form: 'free', criteria: without }, verdicts) ?? NaN, 12);
  const trusting = await open('embedded', { calibration, unfit: 'accept' });
  const [plain] = await trusting.source(task, episodes, signal);
  expect([trusting.use.fitness, plain?.reward]).toEqual([null, rubricReward(task.rubric, plain?.verdicts ?? [])]);
});

test('one that is half fit keeps a share of its weight under every policy but accept', async () => {
  const calibration = calibrationWith('changes-made', { value: 0.78, low: 0.72, high: 0.84 });
  for (const unfit of ['refuse', 'down-weight'] as const) {
    const { use } = await open('embedded', { calibration, unfit });
    expect(use.fitness?.criteria['changes-made']?.factor).toBeCloseTo(0.7, 12);
  }
});

test('planted noise is refused where it is too much, and known without labels where it is not', async () => {
  await expect(open('noisy:0.6/0.6')).rejects.toThrow(
    /unfit for 12 of 12 criteria: "calls-exact", .*"values-right" \(refused: balanced accuracy 0\.60 \[0\.60, 0\.60\] reaches down to 0\.7\).*say --unfit accept/,
  );
  await expect(open('noisy:0.6/0.6', { unfit: 'down-weight' })).rejects.toThrow(/unfit for 12 of 12/);
  expect((await open('noisy:0.6/0.6', { unfit: 'accept' })).use.fitness).toBeNull();
  const { use } = await open('noisy:0.8/0.8');
  expect(use.fitness?.criteria['steps-done']?.factor).toBeCloseTo(0.75, 12);
});

test('without errors, planted noise rewards as code does, and has no variance', async () => {
  const { source } = await open('noisy:1/1');
  const said = await source(task, episodes, signal);
  expect(said.map(({ reward }) => reward)).toEqual(episodes.map(({ rewards }) => rewards.rubric));
  expect(said.map(({ variance }) => variance)).toEqual([0, 0, 0, undefined]);
});

test('asked for other criteria, code’s word on them stands beside what the judge says, to tell its errors', async () => {
  for (const rubric of ['end-state', 'generic'] as const) {
    const [code, wrong] = await Promise.all(
      ['code', 'noisy:0/0'].map((name) => open(name, { rubric, unfit: name === 'code' ? 'refuse' : 'accept' })),
    );
    const [right, turned] = [await code?.source(task, episodes, signal), await wrong?.source(task, episodes, signal)];
    expect(right?.map(({ reward, variance }) => [reward, variance])).toEqual([
      [1, 0],
      [expect.any(Number), 0],
      [0, 0],
      [null, undefined],
    ]);
    expect(turned?.map(({ byCode }) => byCode)).toEqual(right?.map(({ reward }) => reward ?? undefined));
    expect(turned?.[0]?.reward).toBe(0);
    const [first = []] = right?.map((judged) => code?.components(task, judged)) ?? [];
    expect(first.reduce((sum, { weight, score: value }) => sum + weight * (value ?? NaN), 0)).toBeCloseTo(1, 12);
  }
  // As usual, it is the reward `rubric`.
  const [usual] = await (await open('noisy:1/1')).source(task, episodes, signal);
  expect(usual).not.toHaveProperty('byCode');
});

test('a judge that nobody has compared with labels, or a calibration of another, is refused', async () => {
  await expect(open('./docs/examples/parts/judge.ts')).rejects.toThrow(
    /Nobody has said how far the judge .*judge\.ts agrees with labels of these criteria.*--calibration.*--unfit accept/,
  );
  // Of other words than those that it was labelled on the embedded judge's own calibration says nothing.
  await expect(open('embedded', { rubric: 'end-state' })).rejects.toThrow(/Nobody has said how far the judge embedded/);
  const calibration = calibrationWith('values-right', { value: 1, low: 1, high: 1 });
  await expect(open('code', { calibration })).rejects.toThrow(/not one of this judge, code .*It is of: embedded/);
  await expect(open('code', { calibration: 'nowhere.json' })).rejects.toThrow(/Cannot read the calibration nowhere/);
  await expect(open('nobody')).rejects.toThrow(/no judge "nobody"/);
});

const pair = (first: number, second: number): Rubric => ({
  form: 'free',
  criteria: [
    { id: 'a', category: 'task-fulfilment', description: 'A.', weight: first },
    { id: 'b', category: 'task-fulfilment', description: 'B.', weight: second },
  ],
});
const said = (a: number, b: number): Verdict[] => [
  { criterion: 'a', state: 'scored', score: a },
  { criterion: 'b', state: 'scored', score: b },
];

test('the formula that is asked for makes the reward, and stands with the judge', async () => {
  const { use, source } = await open('embedded', { formula: 'gated' });
  expect(use.formula).toBe('gated');
  for (const { reward, verdicts } of (await source(task, episodes, signal)).slice(0, 3))
    expect(reward).toBe(rubricReward(task.rubric, verdicts, 'gated'));
});

test('variance of a reward: shares of the weights squared, times what each answer varies by', () => {
  const errors = { a: { sensitivity: 0.9, specificity: 0.6 }, b: { sensitivity: 0.8, specificity: 1 } };
  const of = (a: number, b: number) => rewardVariance(pair(3, 1), said(a, b), (one) => errors[one as 'a' | 'b']);
  // (3/4)² · .09 + (1/4)² · .16; (3/4)² · .24 + 0; half of each.
  expect(of(1, 1)).toBeCloseTo(0.060625, 12);
  expect(of(0, 0)).toBeCloseTo(0.135, 12);
  expect(of(0.5, 0.5)).toBeCloseTo((0.060625 + 0.135) / 2, 12);
  // Nobody knows: a coin's.
  expect(rewardVariance(pair(1, 1), said(1, 0), () => null)).toBeCloseTo(0.125, 12);
  expect(rewardVariance(pair(1, 1), [], () => null)).toBe(0);
});

test('the formula tells the spread that planted noise gives a reward', async () => {
  const { source } = await open('noisy:0.8/0.8', { unfit: 'accept' });
  const many = Array.from({ length: 800 }, (_, seed) =>
    score(task, { ...episode([...wholePlan, finishTurn], done), seed }),
  );
  const answers = await source(task, many, signal);
  const rewards = answers.map(({ reward }) => reward ?? NaN);
  const mean = rewards.reduce((sum, one) => sum + one, 0) / rewards.length;
  const spread = rewards.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (rewards.length - 1);
  const told = answers.reduce((sum, one) => sum + (one.variance ?? NaN), 0) / answers.length;
  expect(mean).toBeCloseTo(0.8, 1.5);
  expect(spread / told).toBeGreaterThan(0.85);
  expect(spread / told).toBeLessThan(1.15);
});
