import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import stampText from '../../core/record/calibration-stamp.ts';
import { UsageError } from '../../core/errors.ts';
import { randomStream } from '../../core/seeds.ts';
import { judgedVerdicts } from '../../judges/calibration/calibrate.ts';
import codeJudge from '../../judges/code/code-judge.ts';
import { drawn, key, of, says, withholds, type Line } from './calibration-data.ts';
import { episode, finishTurn, task as handMade, wholePlan } from './episodes.ts';

describe('calibrate', () => {
  it('measures a judge by hand-counted figures', () => {
    const lines = [1, 1, 1, 0, 0].map((label, index) => ({ trajectory: key(`t${index}`), label }));
    const verdicts = [0.9, 0.6, 0.2, 0.1, 0.8].map((score, index) => says(key(`t${index}`), score));
    const { overall, counts, stamp } = of(lines, verdicts);
    expect(overall.sensitivity?.value, 'sensitivity').toBeCloseTo(2 / 3, 12);
    expect(overall.specificity?.value, 'specificity').toBe(0.5);
    expect(overall.balancedAccuracy?.value, 'balanced accuracy').toBeCloseTo(7 / 12, 12);
    expect(overall.constantAccuracy?.value, 'constant').toBeCloseTo(0.6, 12);
    expect(overall.areaUnderCurve?.value, 'AUC').toBeCloseTo(4 / 6, 12);
    expect(overall.brier?.value, 'Brier').toBeCloseTo((0.01 + 0.16 + 0.64 + 0.01 + 0.64) / 5, 12);
    expect(counts).toMatchObject({ labels: 5, labelled: 5, verdicts: 5, scored: 5, unlabelled: 0, withheld: 0 });
    expect(stamp).toMatchObject({ name: 'hand', build: '1', prompt: null, items: 5, tasks: 5, answered: 1 });
    expect(stamp.labels).toMatch(/^[0-9a-f]{64}$/);
  });

  it('tells a good judge from a coin', () => {
    const [good, coin] = [drawn(60, 0.95), drawn(60, 0.5)].map(({ lines, verdicts }) => of(lines, verdicts));
    expect(good?.overall.balancedAccuracy?.low, 'lower end of the good').toBeGreaterThan(0.88);
    expect(coin?.overall.balancedAccuracy?.low, 'lower end of the coin').toBeLessThan(0.5);
    expect(coin?.overall.balancedAccuracy?.high, 'upper end of the coin').toBeGreaterThan(0.5);
    expect(stampText(good!.stamp)).toMatch(
      /^hand \(1\): balanced accuracy 0\.9\d \[0\.\d\d, 0\.9\d\] on 240 labels of 60 tasks, 100 % answered; label set [0-9a-f]{8}$/,
    );
  });

  it('does not let accuracy at skewed prevalence pass for skill', () => {
    const { lines } = drawn(60, 1, 0.9);
    const { overall } = of(
      lines,
      lines.map(({ trajectory = '' }) => says(trajectory, 0.9)),
    );
    expect(overall.accuracy?.value).toBe(overall.constantAccuracy?.value);
    expect(overall.accuracy?.value).toBeGreaterThan(0.85);
    expect(overall).toMatchObject({
      balancedAccuracy: { value: 0.5 },
      areaUnderCurve: { value: 0.5 },
      kappa: { value: 0 },
    });
    expect(overall.notes).toEqual(['The judge says yes to everything.']);
  });

  it('counts what a judge did not say, by kind, and never as a number', () => {
    const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((task, index) => ({
      trajectory: key(task),
      label: index % 2,
    }));
    const verdicts = [
      says(key('a'), 0.1),
      withholds(key('b'), 'refused'),
      withholds(key('c'), 'unparseable'),
      withholds(key('d'), 'failed'),
      withholds(key('e')),
      says(key('f'), Number.NaN),
      says(key('g'), 1e9),
      says(key('unknown to the labels'), 1),
    ];
    const { counts, overall, stamp } = of(lines, verdicts);
    expect(counts).toEqual({
      labels: 8,
      open: 0,
      labelled: 8,
      disputed: 0,
      unjudged: 1,
      withheld: 6,
      verdicts: 8,
      scored: 2,
      refused: 1,
      unparseable: 1,
      failed: 1,
      invalid: 2,
      unscored: 1,
      unlabelled: 1,
    });
    expect(overall).toMatchObject({ items: 1, brier: { value: expect.closeTo(0.01, 12) as number } });
    expect(stamp.answered).toBeCloseTo(1 / 7, 12);
  });

  it('has nothing to say of labels that nothing answers', () => {
    const { overall, curve, groups, corrected, stamp } = of([{ trajectory: key('a'), label: 1 }], [], {
      criteria: ['done'],
    });
    expect(overall).toMatchObject({ items: 0, accuracy: null, balancedAccuracy: null, errorIfCalibrated: null });
    expect(overall.notes).toEqual(['No label has a usable answer: there is nothing to measure.']);
    expect([curve, corrected, groups.groups]).toEqual([[], [], 0]);
    expect(stampText(stamp)).toMatch(/^hand \(1\): no balanced accuracy on 0 labels of 0 tasks; label set /);
  });

  it('leaves undefined what one class or one task cannot tell, and says so', () => {
    const { overall } = of(
      [0, 1].map((repetition) => ({ trajectory: key('a', repetition), label: 1 })),
      [0, 1].map((repetition) => says(key('a', repetition), 0.7 - repetition / 2)),
    );
    expect(overall).toMatchObject({ specificity: null, balancedAccuracy: null, areaUnderCurve: null });
    expect(overall.sensitivity).toMatchObject({ value: 0.5, low: null, high: null, method: 'too few tasks' });
    expect(overall.notes).toEqual([
      'Every label says yes: specificity, balanced accuracy and AUC are undefined.',
      'All items are of one task: there are no intervals.',
    ]);
  });

  it('gives a flawless judge an interval that admits how little was seen', () => {
    const { lines } = drawn(30, 1);
    const { overall } = of(
      lines,
      lines.map(({ trajectory = '', label = 0 }) => says(trajectory, label)),
    );
    expect(overall.balancedAccuracy).toMatchObject({ value: 1, high: 1, method: 'Wilson' });
    expect(overall.balancedAccuracy?.low).toBeLessThan(0.95);
    expect(overall.kappa).toMatchObject({ value: 1, low: null });
  });

  it.each([
    [
      'a criterion that no task has',
      [
        { trajectory: key('a'), label: 1 },
        { trajectory: key('a'), label: 1, criterion: 'doen' },
      ],
      'labels.jsonl:2: "doen" is no criterion of the tasks judged. They have: done.',
    ],
    [
      'a task with several trajectories',
      [{ task: 'a', label: 1 }],
      'labels.jsonl:1: names the task a, of which 2 trajectories were judged. Name one as "trajectory".',
    ],
    [
      'another task than its trajectory',
      [{ trajectory: key('a'), task: 'b', label: 1 }],
      'labels.jsonl:1: names the task b, but its trajectory is of a.',
    ],
  ])('refuses labels for %s', (_, lines, message) => {
    const verdicts = [says(key('a'), 1), says(key('a', 1), 1)];
    expect(() => of(lines, verdicts)).toThrow(UsageError);
    expect(() => of(lines, verdicts)).toThrow(message);
  });

  it('takes a task for its only trajectory', () => {
    expect(of([{ task: 'a', label: 1 }], [says(key('a'), 1)]).overall.items).toBe(1);
  });

  it('takes the mean of raters, leaves even splits out, and lets planted truth stand', () => {
    const lines: Line[] = [
      ...['anna', 'bo', 'cleo'].map((rater, index) => ({ trajectory: key('a'), rater, label: Number(index > 0) })),
      ...['anna', 'bo'].map((rater, index) => ({ trajectory: key('b'), rater, label: index })),
      { trajectory: key('c'), rater: 'anna', label: 0 },
      { trajectory: key('c'), rater: 'wrong-tool', source: 'planted', label: 1 },
    ];
    const { counts, overall, raters } = of(
      lines,
      ['a', 'b', 'c'].map((task) => says(key(task), 1)),
    );
    expect(counts).toMatchObject({ labels: 7, labelled: 3, disputed: 1 });
    expect(overall).toMatchObject({ items: 2, prevalence: { value: 1 } });
    expect(raters).toMatchObject({ raters: 4, shared: 3 });
    expect(raters.alpha?.value).toBeLessThan(0.5);
  });

  it('gives the same record in any order of labels and verdicts', () => {
    const { lines, verdicts } = drawn(12, 0.8);
    const record = JSON.stringify(rounded(of(lines, verdicts)));
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const { shuffle } = randomStream(seed);
        expect(JSON.stringify(rounded(of(shuffle(lines), shuffle(verdicts))))).toBe(record);
      }),
      { numRuns: 5 },
    );
  });

  it('reads the code judge on a trajectory', () => {
    const trajectory = episode([...wholePlan, finishTurn], { files: [] });
    const verdicts = judgedVerdicts(trajectory, codeJudge(handMade, trajectory));
    expect(verdicts).toHaveLength(12);
    expect(verdicts[0]).toMatchObject({ trajectory: 'hand test hand/made/test/0000 0', task: handMade.id, length: 3 });
    const criteria = handMade.rubric.criteria.map(({ id }) => id);
    const lines = criteria.map((criterion) => ({ task: handMade.id, criterion, label: 1 }));
    const { counts } = of(lines, verdicts, { criteria });
    expect(counts).toMatchObject({ labelled: 12, verdicts: 12, scored: 12, unjudged: 0 });
  });
});

/** Sums in another order differ in their last digits. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? Number(one.toPrecision(9)) : one)));
