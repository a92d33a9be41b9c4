import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Calibration } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import { checkRecords } from '../../core/record/chain.ts';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { Suite } from '../../core/types.ts';
import { calibrateRun } from '../../judges/calibration/calibrate-run.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { parseLabels } from '../../judges/calibration/labels.ts';
import type { RescoreOptions } from '../../judges/stored/rescore.ts';
import { score } from '../../judges/reward/rewards.ts';
import { rubricReward } from '../../judges/rubric/rubric.ts';
import { episode, finishTurn, task, wholePlan } from './episodes.ts';
import {
  all,
  done,
  handJudge,
  judged,
  linesOf,
  manifest,
  others,
  repeated,
  second,
  storedRun,
  suite,
  trajectories,
  writeRun,
} from './stored-run.ts';

test('code says of the record what it said of the episode, byte for byte', async () => {
  const run = storedRun([0, 2, 1, 3].map((index) => trajectories[index] as ScoredTrajectory));
  const { path, counts } = await judged(run, await judgeNamed('code'));
  expect(path).toBe(join(run.base, 'mine-judge-code'));
  expect(readFileSync(join(path, 'trajectories.jsonl'), 'utf8')).toBe(run.text);
  expect(counts).toBe('4 episodes, 48 verdicts: not applicable 12, scored 36');
});

test('a group is shown at once, a void episode never, and truth stays what it was', async () => {
  const { backend, shown } = handJudge(() => all(0.5));
  const { path } = await judged(storedRun(), backend);
  expect(shown).toEqual([
    ['hand test hand/made/test/0000 0', 'hand test hand/made/test/0000 1'],
    ['hand test hand/made/test/0001 0'],
  ]);
  const lines = linesOf(path);
  expect(lines.map(({ success }) => success?.verified)).toEqual([true, true, false, undefined]);
  expect(lines.map(({ rewards }) => [rewards.sparse, rewards.rubric])).toEqual([
    [1, 0.5],
    [1, 0.5],
    [0, 0.5],
    [null, null],
  ]);
});

test('half a list, NaN, 1e9 and nothing at all are counted, never averaged', async () => {
  const says = [
    all(1).slice(0, 6),
    all(1).map((one, index) => (index < 2 ? { ...one, score: index === 0 ? NaN : 1e9 } : one)),
    undefined,
  ];
  const { backend } = handJudge(() => says.shift());
  const { path, counts } = await judged(storedRun(), backend);
  expect(counts).toBe('4 episodes, 48 verdicts: failed 18, not applicable 12, scored 16, unparseable 2');
  expect(linesOf(path).map(({ rewards }) => rewards.rubric)).toEqual([1, 1, null, null]);
});

test('a judging that breaks off goes on where it was, and asks for nothing twice', async () => {
  const run = storedRun();
  const whole = handJudge(() => all(0.25));
  const expected = await judged(run, whole.backend, { out: join(run.base, 'whole') });
  const broken = handJudge(({ key }) => {
    if (key.task === second.id) throw new Error('the machine went down');
    return all(0.25);
  });
  await expect(judged(run, broken.backend)).rejects.toThrow('the machine went down');
  expect(checkRecords(join(run.base, 'mine-judge-hand'))).toEqual({ kind: 'open' });
  const rest = handJudge(() => all(0.25));
  const { path } = await judged(run, rest.backend);
  expect(rest.shown).toEqual([['hand test hand/made/test/0001 0']]);
  expect(linesOf(path)).toEqual(linesOf(expected.path));
  expect(checkRecords(path)).toEqual(checkRecords(expected.path));
  expect(checkRecords(path).kind).toBe('sealed');
});

test('one holistic score is a rubric of its own', async () => {
  const { backend } = handJudge(() => [{ criterion: 'whole', state: 'scored', score: 0.7 }]);
  const { path } = await judged(storedRun(), backend, { rubrics: 'generic' });
  expect(linesOf(path)[0]).toMatchObject({ verdicts: [{ criterion: 'whole' }], rewards: { rubric: 0.7 } });
  const { rejudged } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
  expect(rejudged).toMatchObject({ run: 'mine', rubric: 'generic', judge: { name: 'hand' }, calibration: null });
});

/** 30 tasks, each done in one episode and left alone in another; what is right is `truth`, and the judge says it but for 'values-right'. */
async function calibrated() {
  const tasks = Array.from({ length: 30 }, (_, index) => ({
    ...task,
    id: `hand/made/test/${String(index).padStart(4, '0')}`,
  }));
  const many: Suite = { ...suite, tasks: (_, count) => tasks.slice(0, count) };
  const lines = tasks.flatMap((of) => [
    score(of, repeated(episode([...wholePlan, finishTurn], { ...done, of }), 0)),
    score(of, repeated(episode([finishTurn], { of }), 1)),
  ]);
  const run = storedRun(lines);
  const { backend } = handJudge(({ turns }) =>
    all(turns.length > 1 ? 1 : 0).map((one) =>
      one.criterion === 'values-right' && one.state === 'scored' ? { ...one, score: 1 } : one,
    ),
  );
  const labels = parseLabels(
    lines
      .flatMap((one) =>
        ['changes-made', 'values-right'].map((criterion) =>
          JSON.stringify({
            trajectory: keyText(one.key),
            criterion,
            label: one.turns.length > 1 ? 1 : 0,
            rater: 'planter',
            source: 'planted',
          }),
        ),
      )
      .join('\n'),
    'labels.jsonl',
  );
  const options = {
    folder: run.path,
    manifest,
    suite: many,
    backend,
    rubrics: 'plan',
    formula: 'weight-proportional',
    labels,
    concurrency: 2,
    onProgress: () => {},
    signal: new AbortController().signal,
  } as const;
  return { run, backend, many, options, ...(await calibrateRun(options)) };
}

test('a calibration of stored episodes refuses what the judge cannot tell, and weighs the rest', async () => {
  const { run, backend, many, record } = await calibrated();
  expect(record.stamp).toMatchObject({ name: 'hand', items: 120, tasks: 30, answered: 1 });
  expect(record.byCriterion['changes-made']?.balancedAccuracy?.value).toBe(1);
  const more = { suite: many, calibrations: [record], fitness: 'strict' } as const;
  const { path } = await judged(run, backend, more);
  const { rejudged } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
  expect(rejudged?.calibration).toEqual(record.stamp);
  const fit = rejudged?.fitness?.criteria ?? {};
  expect(fit['changes-made']).toMatchObject({ factor: 1 });
  expect(fit['values-right']?.why).toMatch(/refused: balanced accuracy 0\.50 .* reaches down to 0\.7/);
  expect(fit['steps-done']).toEqual({ factor: 0, why: 'refused: 0 labels, 50 are needed' });
  // Only the fit criterion is left, so that what was unfit cannot pay for doing nothing.
  expect(linesOf(path).map(({ rewards }) => rewards.rubric)).toEqual(Array.from({ length: 60 }, (_, i) => 1 - (i % 2)));
  const plain = await judged(run, backend, { suite: many });
  const nothing = linesOf(plain.path)[1] as ScoredTrajectory;
  expect(nothing.rewards.rubric).toBe(rubricReward(task.rubric, nothing.verdicts));
  expect(nothing.rewards.rubric).toBeGreaterThan(0);
});

test('a half-fit criterion is down-weighted in proportion to what it knows beyond a coin', async () => {
  const { run, backend, many, record } = await calibrated();
  const figures = record.byCriterion['changes-made'];
  const known = { ...figures?.balancedAccuracy, value: 0.78, low: 0.72, high: 0.84 };
  const half = { ...record, byCriterion: { 'changes-made': { ...figures, balancedAccuracy: known } } } as Calibration;
  const { path } = await judged(run, backend, { suite: many, calibrations: [half], fitness: 'strict' });
  const { rejudged } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
  expect(rejudged?.fitness?.criteria['changes-made']?.factor).toBeCloseTo(0.28 / 0.4, 12);
});

test('labels for unknown criteria are named with their line', async () => {
  const { options } = await calibrated();
  const labels = parseLabels(
    JSON.stringify({ task: task.id, criterion: 'niceness', label: 1, rater: 'a', source: 'human' }),
    'labels.jsonl',
  );
  await expect(calibrateRun({ ...options, labels })).rejects.toThrow(/labels\.jsonl:1: "niceness" is no criterion/);
});

test('what does not go together is refused with a sentence', async () => {
  const run = storedRun();
  const { backend } = handJudge(() => all(1));
  const { record } = await calibrated();
  const refuses = async (more: Partial<RescoreOptions>, sentence: RegExp, by = backend) => {
    const failed = judged(run, by, more);
    await expect(failed).rejects.toThrow(sentence);
    await expect(failed).rejects.toBeInstanceOf(UsageError);
  };
  await refuses({ suite: { ...suite, name: 'else' } }, /a run of suite hand, not of else/);
  const changed = { ...suite, tasks: () => [{ ...task, prompt: 'Something else.' }, ...others] };
  await refuses({ suite: changed }, /0000 asks for something else in today's suite/);
  await refuses({ suite: { ...suite, tasks: () => [task] } }, /0001 is not in it/);
  const eleven = { ...task, rubric: { ...task.rubric, criteria: task.rubric.criteria.slice(1) } };
  await refuses({ suite: { ...suite, tasks: () => [eleven, ...others] } }, /exactly 12 criteria, this one 11/);
  await refuses({ out: run.path, isFresh: true }, /--out names the run/);
  await refuses({ fitness: 'strict' }, /name one with --calibration/);
  await refuses({ calibrations: [record] }, /not one of this judge, else \(1\). It is of: hand \(1\)/, {
    ...backend,
    name: 'else',
  });
  expect(readFileSync(join(run.path, 'trajectories.jsonl'), 'utf8')).toBe(run.text);
  writeRun(run.path, `nonsense\n${run.text}`);
  await refuses({}, /trajectories\.jsonl, line 1, is not a record/);
  writeRun(run.path, '');
  await refuses({}, /holds no episode/);
});
