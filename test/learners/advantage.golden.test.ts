import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  batchAdvantages,
  groupAdvantages,
  judgeVarianceOf,
  leaveOneOutAdvantages,
} from '../../core/statistics/advantage.ts';

/** Worked out from the published formulas by two independent scripts (TRL f2cd577, `scale_rewards`, RLOO). */
const sparse = [1, 0, 0, 0];
const near = [0.8, 0.75, 0.75, 0.7];
const closeTo = (actual: readonly number[], expected: readonly number[], digits: number) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? Number.NaN, digits));
};

test('GRPO, scaled by the group: TRL’s numbers', () => {
  closeTo(groupAdvantages(sparse).advantages, [1.4997, -0.4999, -0.4999, -0.4999], 4);
  closeTo(groupAdvantages(near).advantages, [1.221752, 0, 0, -1.221752], 6);
  expect(groupAdvantages(near).deviation).toBeCloseTo(0.0408248, 7);
});

/** verl adds 1e-6 where TRL adds 1e-4. */
const asVerl = (rewards: readonly number[]) => {
  const { advantages, deviation } = groupAdvantages(rewards);
  return advantages.map((advantage) => (advantage * (deviation + 1e-4)) / (deviation + 1e-6));
};

test('GRPO of verl: the same but for its smaller epsilon', () => {
  closeTo(asVerl(sparse), [1.499997, -0.499999, -0.499999, -0.499999], 6);
  closeTo(asVerl(near), [1.224715, 0, 0, -1.224715], 6);
});

test('scaled by the batch: a near tie stays near one beside a group that differs', () => {
  const [far, close] = batchAdvantages([sparse, near]);
  const centred = [...groupAdvantages(sparse, 'none').advantages, ...groupAdvantages(near, 'none').advantages];
  const all = [...(far?.advantages ?? []), ...(close?.advantages ?? [])];
  // One divisor for all: the deviation of the eight rewards, √(Σ(r − r̄)² / 7).
  const rewards = [...sparse, ...near];
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / 8;
  const deviation = Math.sqrt(rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0) / 7);
  closeTo(
    all.map((advantage) => advantage * (deviation + 1e-4)),
    centred,
    12,
  );
  expect(close?.advantages[0]).toBeLessThan((far?.advantages[0] ?? 0) / 10);
  expect(batchAdvantages([])).toEqual([]);
});

test('without scaling: the numbers of Dr. GRPO and prime-rl', () => {
  closeTo(groupAdvantages(sparse, 'none').advantages, [0.75, -0.25, -0.25, -0.25], 12);
  closeTo(groupAdvantages(near, 'none').advantages, [0.05, 0, 0, -0.05], 12);
});

/** (r − mean) / (√(s² + v) + 1e-4), worked out in Python. */
test('noise-aware: what a judge errs by is no clear win', () => {
  closeTo(groupAdvantages(sparse, 'noise-aware', 0.25).advantages, [1.06051, -0.353503, -0.353503, -0.353503], 6);
  closeTo(groupAdvantages(near, 'noise-aware', 0.01).advantages, [0.462482, 0, 0, -0.462482], 6);
  expect(() => groupAdvantages(near, 'noise-aware', -0.1)).toThrow(/A judge's variance is -0\.1/);
  expect(() => groupAdvantages(near, 'noise-aware', Number.NaN)).toThrow(/A judge's variance is NaN/);
});

test('noise-aware identities: no noise is GRPO, much is Dr. GRPO by a constant, more never widens', () => {
  const rewards = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 12 });
  const variance = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(rewards, variance, variance, (group, first, second) => {
      const [less, more] = [Math.min(first, second), Math.max(first, second)];
      const of = (v: number) => groupAdvantages(group, 'noise-aware', v).advantages;
      closeTo(of(0), groupAdvantages(group, 'group').advantages, 6);
      const centred = groupAdvantages(group, 'none').advantages;
      closeTo(
        of(1e8).map((value) => value * 1e4),
        centred,
        6,
      );
      of(more).forEach((value, i) => expect(Math.abs(value)).toBeLessThanOrEqual(Math.abs(of(less)[i] ?? 0) + 1e-9));
      expect(of(more).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 8);
    }),
  );
});

test('a group’s judge variance is the mean over its scored members, 0 by code', () => {
  const episodes = [
    { reward: 1, judgeVariance: 0.1 },
    { reward: 0, judgeVariance: 0.3 },
    { reward: null, judgeVariance: 0.9 },
  ];
  expect(judgeVarianceOf(episodes)).toBeCloseTo(0.2, 12);
  expect([judgeVarianceOf([{ reward: 1 }, { reward: 0 }]), judgeVarianceOf([])]).toEqual([0, 0]);
});

test('leave-one-out: RLOO’s numbers', () => {
  closeTo(leaveOneOutAdvantages(sparse), [1, -1 / 3, -1 / 3, -1 / 3], 12);
  closeTo(leaveOneOutAdvantages(near), [0.066667, 0, 0, -0.066667], 6);
});

test('a group of one, an empty group and equal rewards teach nothing', () => {
  expect(groupAdvantages([0.7]).advantages).toEqual([0]);
  expect(groupAdvantages([])).toEqual({ advantages: [], scored: 0, mean: 0, deviation: 0 });
  // 0.1 three times has a mean that is not 0.1 in binary.
  expect(groupAdvantages([0.1, 0.1, 0.1])).toMatchObject({ advantages: [0, 0, 0], deviation: 0 });
  expect(leaveOneOutAdvantages([0.4])).toEqual([0]);
});

test('an excluded reward counts in neither mean nor deviation', () => {
  const { advantages, scored } = groupAdvantages([1, null, 0, 0, 0]);
  expect(advantages[1]).toBe(0);
  expect(scored).toBe(4);
  closeTo(
    advantages.filter((_, i) => i !== 1),
    groupAdvantages(sparse).advantages,
    12,
  );
});

test('a reward that is no finite number is refused in a sentence', () => {
  expect(() => groupAdvantages([0.5, Number.NaN])).toThrow('A reward is NaN; give a finite number, or null');
  expect(() => leaveOneOutAdvantages([Number.POSITIVE_INFINITY])).toThrow('A reward is Infinity');
});

test('identities: sums are nil, a constant changes nothing, RLOO is n/(n−1) of the centred reward', () => {
  const rewards = fc.array(
    fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(rewards, fc.integer({ min: -5, max: 5 }), (group, constant) => {
      const n = group.length;
      const centred = groupAdvantages(group, 'none').advantages;
      for (const scale of ['group', 'none'] as const) {
        const { advantages } = groupAdvantages(group, scale);
        expect(advantages.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 8);
        closeTo(
          groupAdvantages(
            group.map((reward) => reward + constant),
            scale,
          ).advantages,
          advantages,
          6,
        );
      }
      closeTo(
        leaveOneOutAdvantages(group),
        centred.map((value) => (value * n) / (n - 1)),
        8,
      );
    }),
  );
});
