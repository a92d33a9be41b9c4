import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../core/reward-types.ts';
import { drawn, key, of, says } from './calibration-data.ts';

/** The score of one criterion as the reward. */
const only =
  (criterion: string) =>
  (_: string, verdicts: readonly Verdict[]): number | null => {
    const verdict = verdicts.find((one) => one.criterion === criterion);
    return verdict?.state === 'scored' ? verdict.score : null;
  };

describe('calibrate, beyond agreement', () => {
  it('splits by criterion and by tag', () => {
    const { lines, verdicts } = drawn(20, 0.9);
    const { byCriterion, byTag } = of(lines, verdicts);
    expect(Object.entries(byTag).map(([name, { items }]) => [name, items])).toEqual([
      ['half=even', 40],
      ['half=odd', 40],
    ]);
    expect(byCriterion['done']).toMatchObject({ items: 80, tasks: 20 });
  });

  it('shows a judge that pays for length', () => {
    const { lines, verdicts } = drawn(60, 0.9);
    const fair = of(lines, verdicts).overall.lengthBias;
    const fond = verdicts.map((one) => ({
      ...one,
      verdict: { ...one.verdict, score: 0.5 * (one.verdict as { score: number }).score + (one.length ?? 0) / 200 },
    }));
    const bias = of(lines, fond).overall.lengthBias;
    expect(Number(fair?.low) <= 0 && Number(fair?.high) >= 0, 'a fair judge shows none').toBe(true);
    expect(bias?.low, 'lower end of the bias').toBeGreaterThan(0.4);
    expect(
      of(
        lines,
        verdicts.map(({ trajectory, task, verdict }) => ({ trajectory, task, verdict })),
      ).overall.lengthBias,
      'without lengths',
    ).toBeNull();
  });

  it('reads repeated answers as votes, and places as what they may hang on', () => {
    const lines = ['a', 'b', 'c', 'd', 'e', 'f'].map((task, index) => ({ trajectory: key(task), label: index % 2 }));
    const verdicts = lines.flatMap(({ trajectory }) =>
      [0, 1, 2].map((position) => says(trajectory, position === 0 ? 0.9 : 0.3, { position })),
    );
    const { votes, overall } = of(lines, verdicts);
    expect(votes.repeated).toBe(6);
    expect(votes.selfConsistency?.value, 'one pair of three').toBeCloseTo(1 / 3, 12);
    expect(votes.unanimous?.value).toBe(0);
    expect(votes.variance?.value).toBeCloseTo(0.12, 12);
    expect(votes.positionFlips?.value).toBeCloseTo(2 / 3, 12);
    expect(overall.positionBias?.value, 'the first is liked').toBeLessThan(-0.8);
    expect(overall.prevalence?.episodes, 'votes are one item').toBe(6);
  });

  it('compares rewards within groups, by the reward that it is given', () => {
    const criteria = ['done', 'kept'];
    const keys = Array.from({ length: 40 }, (_, index) => ({
      trajectory: key(`t${index % 10}`, index),
      done: index % 3 === 0,
      kept: index % 2 === 0,
    }));
    const lines = keys.flatMap((one) =>
      criteria.map((criterion) => ({ trajectory: one.trajectory, criterion, label: Number(one[criterion as 'done']) })),
    );
    // Right on `done`, and the opposite of right on `kept`.
    const verdicts = keys.flatMap((one) => [
      says(one.trajectory, Number(one.done)),
      says(one.trajectory, Number(!one.kept), { criterion: 'kept' }),
    ]);
    const [right, turned] = criteria.map(
      (criterion) => of(lines, verdicts, { rewardOf: only(criterion), groupSizes: [4] }).groups,
    );
    expect(right).toMatchObject({ groups: 10, kendall: { value: 1 } });
    expect(right?.flips[0]).toMatchObject({ size: 4, groups: 10, flipped: { value: 0 }, lost: { value: 0 } });
    // Trajectories of a task are ten apart: all even or all odd.
    expect(turned).toMatchObject({ varied: 0, kendall: null });
  });

  it('corrects the share of yes where nothing is labelled, as far as labels allow', () => {
    const { lines, verdicts } = drawn(80, 0.85, 0.5);
    const more = drawn(81, 0.85, 0.2);
    const renamed = more.verdicts.map((one) => ({
      ...one,
      trajectory: `other ${one.trajectory}`,
      task: `other ${one.task}`,
    }));
    const [rate] = of(lines, [...verdicts, ...renamed]).corrected;
    const truth = more.lines.filter(({ label }) => label === 1).length / more.lines.length;
    expect(rate).toMatchObject({ criterion: 'done', judged: 324, labelled: 320, notes: [] });
    expect(rate?.said?.low, 'said, lower end').toBeGreaterThan(truth);
    expect(rate?.roganGladen?.low, 'lower end').toBeLessThan(truth);
    expect(rate?.roganGladen?.high, 'upper end').toBeGreaterThan(truth);
    expect(rate?.roganGladen?.method).toBe('Rogan–Gladen');
    const planted = lines.map((line) => ({ ...line, source: 'planted' as const }));
    const [alone] = of(planted, [...verdicts, ...renamed]).corrected;
    expect(alone).toMatchObject({ predictionPowered: null, notes: ['No human labels: no prediction-powered share.'] });
    const coin = drawn(80, 0.3);
    const [none] = of(coin.lines, [...coin.verdicts, ...renamed]).corrected;
    expect(none).toMatchObject({
      roganGladen: null,
      notes: ['The judge is no better than a coin: its errors cannot be taken out.'],
    });
  });
});
