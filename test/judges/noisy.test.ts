import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { genericRubric } from '../../judges/rubric/criteria.ts';
import { ask } from '../../judges/judge-definition.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { episode, file, finishTurn, folder, task, wholePlan } from './episodes.ts';

const done = { files: [folder, file] };
/** Of equal content, each with a seed of its own: code says yes to every criterion of the first kind, no to most of the second. */
const sound = Array.from({ length: 400 }, (_, seed) => ({ ...episode([...wholePlan, finishTurn], done), seed }));
const idle = Array.from({ length: 400 }, (_, seed) => ({ ...episode([finishTurn]), seed }));

const scores = async (name: string, trajectories: readonly Trajectory[]) =>
  (await ask(await judgeNamed(name), task, trajectories)).map((own) =>
    own.map((one) => (one.state === 'scored' ? one.score : NaN)),
  );

const shareOf = (answers: number[][]) => answers.flat().reduce((sum, one) => sum + one, 0) / answers.flat().length;
const wrong = (answers: number[][] = []) => answers.flat().flatMap((one, index) => (one === 0 ? [index] : []));
const known = (value: number) => ({ value, low: value, high: value });
const figures = (sensitivity: number, specificity: number) => ({
  items: 1,
  balancedAccuracy: null,
  sensitivity: known(sensitivity),
  specificity: known(specificity),
});

test('without errors it is code’s word, with nothing but errors its opposite', async () => {
  const few = [...sound.slice(0, 3), ...idle.slice(0, 3), { ...episode(wholePlan.slice(0, 2)), seed: 9 }];
  const code = await scores('code', few);
  expect(await scores('noisy:1/1', few)).toEqual(code);
  expect(await scores('noisy:0/0', few)).toEqual(code.map((own) => own.map((one) => 1 - one)));
});

test('errs as often as it is told to, of what holds and of what does not', async () => {
  // 4,800 draws: a standard error of .006 at most.
  expect(shareOf(await scores('noisy:0.9/0.7', sound))).toBeCloseTo(0.9, 1.5);
  const no = (await scores('code', idle))[0] ?? [];
  const kept = (await scores('noisy:0.9/0.7', idle)).map((own) => own.filter((_, index) => no[index] === 0));
  expect(kept[0]?.length).toBeGreaterThan(8);
  expect(1 - shareOf(kept)).toBeCloseTo(0.7, 1.5);
});

test('the same episode errs alike every time; what a better judge gets wrong a worse one gets wrong too', async () => {
  const [better, again, worse] = await Promise.all(
    ['noisy:0.9/0.9', 'noisy:0.9/0.9', 'noisy:0.6/0.6'].map((name) => scores(name, sound.slice(0, 50))),
  );
  expect(again).toEqual(better);
  expect(wrong(better).length).toBeGreaterThan(20);
  expect(wrong(worse)).toEqual(expect.arrayContaining(wrong(better)));
  // Neither by criterion nor by episode all alike.
  expect(new Set((worse ?? []).map((own) => own.join())).size).toBeGreaterThan(25);
});

test('takes the measured errors of another judge, criterion by criterion', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'toolstone-noisy-')), 'calibration.json');
  onTestFinished(() => rmSync(join(path, '..'), { recursive: true }));
  const record = {
    version: 1,
    stamp: {
      name: 'small',
      build: '1',
      prompt: null,
      labels: '',
      items: 1,
      tasks: 1,
      answered: 1,
      balancedAccuracy: null,
    },
    overall: figures(1, 1),
    byCriterion: {
      'steps-done': figures(0, 1),
      'calls-work': { items: 1, balancedAccuracy: null, sensitivity: null, specificity: null },
    },
  };
  writeFileSync(path, JSON.stringify([record]));
  const [own] = await scores(`noisy:${path}`, sound.slice(0, 1));
  expect(own).toEqual(task.rubric.criteria.map(({ id }) => (id === 'steps-done' ? 0 : 1)));
  expect((await judgeNamed(`noisy:${path}`)).planted?.('steps-done')).toEqual({ sensitivity: 0, specificity: 1 });
});

/** Standard deviation around ½. */
const spread = (of: readonly number[] = []) =>
  Math.sqrt(of.reduce((sum, one) => sum + (one - 0.5) ** 2, 0) / of.length);

test('by degree: whole points of ten, off by a normal error, the more the more points; none is code’s word', async () => {
  const generic = { ...task, rubric: genericRubric };
  const half = Array.from({ length: 2000 }, (_, seed) => ({
    ...episode(wholePlan.slice(0, 2), { files: [folder] }),
    seed,
  }));
  const saidBy = async (name: string) =>
    (await ask(await judgeNamed(name), generic, half)).map(([one]) => (one?.state === 'scored' ? one.score : NaN));
  expect(new Set(await saidBy('noisy:0points'))).toEqual(new Set([0.5]));
  const [two, again, three] = await Promise.all(['noisy:1points', 'noisy:1points', 'noisy:2points'].map(saidBy));
  expect(again).toEqual(two);
  for (const score of three ?? [])
    expect([Math.round(10 * score) / 10, score >= 0 && score <= 1]).toEqual([score, true]);
  // Standard deviations of whole points: √(σ² + 1/12), with Sheppard's correction for rounding.
  expect(10 * spread(two)).toBeCloseTo(Math.sqrt(1 + 1 / 12), 1);
  expect(10 * spread(three)).toBeCloseTo(Math.sqrt(4 + 1 / 12), 1);
  // What is off by less is off to the same side by more.
  two?.forEach((one, index) => expect((one - 0.5) * ((three?.[index] ?? NaN) - 0.5)).toBeGreaterThanOrEqual(0));
  const { planted } = await judgeNamed('noisy:3points');
  expect(planted?.('whole').variance).toBeCloseTo(0.09, 12);
  // Φ(5.5 / 3) and Φ(1.5).
  expect(planted?.('whole').sensitivity).toBeCloseTo(0.96662, 4);
  expect(planted?.('whole').specificity).toBeCloseTo(0.93319, 4);
});

test.each(['', '0.9', 'points', '-1points', 'xpoints', '0.9/', '1.1/0.5', 'a/b', '0.9/0.8/0.7', '-0.1/1'])(
  'errors of "%s" are refused in a sentence',
  async (errors) => {
    const refused = judgeNamed(`noisy:${errors}`);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(/states no errors\. Give SENSITIVITY\/SPECIFICITY/);
  },
);
