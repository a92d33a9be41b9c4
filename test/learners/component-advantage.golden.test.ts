import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grpo } from '../../baselines/learners/grpo.ts';
import { readLearner } from '../../baselines/learner-list.ts';
import type { LearningGroup } from '../../core/run-types.ts';
import { groupAdvantages } from '../../core/statistics/advantage.ts';
import { componentAdvantages } from '../../core/statistics/component-advantage.ts';
import { makeBandit } from './bandit.ts';
import golden from './golden/component-advantage.json' with { type: 'json' };

type Scores = readonly (number | null)[];
const member = (scores: Scores, weights: readonly number[]) =>
  scores.map((score, index) => ({ criterion: `c${index}`, weight: weights[index] ?? NaN, score }));
const advantagesOf = (groups: readonly (readonly Scores[])[], weights: readonly number[]) =>
  componentAdvantages(groups.map((group) => group.map((scores) => member(scores, weights))));

test.each(golden.cases)('TRL’s own lines give the same: $name', ({ groups, weights, advantages }) => {
  const ours = advantagesOf(groups, weights).map((one) => one.advantages);
  expect(ours.map(({ length }) => length)).toEqual(advantages.map(({ length }) => length));
  ours.flat().forEach((value, index) => expect(value).toBeCloseTo(advantages.flat()[index] ?? NaN, 9));
});

test('a group without a difference, or whose differences cancel, gives nothing at all, whatever the rest of the batch does', () => {
  const alive: Scores[] = [
    [1, 0.3],
    [0, 0.7],
  ];
  const cancelling: Scores[] = [
    [1, 0],
    [0.3, 0.7],
    [0.1, 0.9],
  ];
  const dead: Scores[] = [
    [0.1, 0.2],
    [0.1, 0.2],
    [0.1, 0.2],
  ];
  const [first, ...rest] = advantagesOf([alive, cancelling, dead, [[null, null]], []], [0.5, 0.5]);
  expect(first?.deviation).toBeGreaterThan(0);
  for (const { advantages, deviation } of rest) {
    expect(advantages.every((one) => one === 0)).toBe(true);
    expect(deviation).toBe(0);
  }
});

test('one component is GRPO, but for the batch’s deviation; the scale of the weights turns no sign; each group sums to nil', () => {
  const scores = fc.array(
    fc.array(
      fc.integer({ min: 0, max: 10 }).map((points) => points / 10),
      { minLength: 2, maxLength: 2 },
    ),
    {
      minLength: 2,
      maxLength: 8,
    },
  );
  fc.assert(
    fc.property(scores, fc.double({ min: 0.1, max: 10, noNaN: true }), (group, factor) => {
      const [one] = advantagesOf([group.map(([score = 0]) => [score])], [1]);
      const plain = groupAdvantages(group.map(([score = 0]) => score));
      const { deviation } = groupAdvantages(plain.advantages);
      one?.advantages.forEach((value, index) =>
        expect(value).toBeCloseTo((plain.advantages[index] ?? NaN) / (deviation + 1e-4), 9),
      );
      const [light, heavy] = [1, factor].map((by) => advantagesOf([group], [0.7 * by, 0.3 * by])[0]);
      light?.advantages.forEach((value, index) =>
        expect(Math.sign(heavy?.advantages[index] ?? NaN)).toBe(Math.sign(value)),
      );
      expect(light?.advantages.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 8);
    }),
  );
});

describe('grpo?normalise=component', () => {
  const weights = [0.8, 0.2];
  /** Arms 0 and 1 earn .8 each, by different criteria; whatever else, nothing. */
  const made: Readonly<Record<number, Scores>> = { 0: [1, 0], 1: [0.75, 1] };

  function updated(normalise: 'sum' | 'component', scoresOf: (arm: number) => Scores) {
    const bandit = makeBandit(2);
    const groups: LearningGroup[] = [0, 1].map((group) => ({
      task: `${group}`,
      episodes: Array.from({ length: 8 }, (_, index) => {
        const session = bandit.pull(100 * group + index);
        const components = member(scoresOf(session.arm), weights);
        return { session, reward: components.reduce((sum, one) => sum + one.weight * (one.score ?? 0), 0), components };
      }),
    }));
    const learner = grpo(bandit, { normalise });
    return { learner, metrics: learner.update(groups, 0), weights: [...bandit.parameters.values], bandit };
  }

  test('learns from equal totals of different make-up, from which the sum learns nothing', () => {
    const sum = updated('sum', (arm) => made[arm] ?? []);
    expect(sum.weights.every((one) => one === 0)).toBe(true);
    expect(sum.metrics['frac_reward_zero_std']).toBe(1);
    const component = updated('component', (arm) => made[arm] ?? []);
    expect(component.metrics['frac_reward_zero_std']).toBe(0);
    expect(component.metrics['reward_std']).toBeCloseTo(0, 12);
    // The heavier criterion decides.
    expect(component.bandit.probabilities()[0]).toBeGreaterThan(0.5);
    expect([sum.learner.wantsComponents, component.learner.wantsComponents]).toEqual([false, true]);
  });

  test('takes no step, not even one of entropy, from groups without signal', () => {
    const { weights: after, metrics } = updated('component', () => [0.3, 0.6]);
    expect(after.every((one) => one === 0)).toBe(true);
    expect(metrics['frac_reward_zero_std']).toBe(1);
  });

  test('has a scale of its own, and says so', async () => {
    const { definition, options } = await readLearner('dr-grpo?normalise=component');
    expect(() =>
      definition.make(makeBandit(2), options, { name: 'x', start: () => ({ act: () => [] as never }) }),
    ).toThrow(/divides each component by its deviation.*leave out scale=none, or say scale=group/);
    await expect(readLearner('grpo?normalise=category')).rejects.toThrow(/normalise is one of sum, component/);
  });
});
