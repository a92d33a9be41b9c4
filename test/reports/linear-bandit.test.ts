import { expect, test } from 'vitest';
import { linearBandit } from '../../reports/arms/linear-bandit.ts';
import { randomStream } from '../../core/seeds.ts';

/** Rounds with the contexts, arms and rewards from which NumPy 2 computed the bounds below, by solving A θ = b. */
const rounds = [
  [0, [1, 0.5], 1],
  [1, [1, -1], 0.2],
  [0, [1, 2], 0.3],
  [1, [1, 0.25], 0.9],
  [0, [1, -0.5], 0.6],
] as const;

test.each([
  { alpha: 1, context: [1, 0], best: 0, bounds: [1.0444, 1.0122] },
  { alpha: 1, context: [1, 3], best: 1, bounds: [1.6719, 3.3293] },
  { alpha: 1, context: [1, -2], best: 0, bounds: [1.8385, 1.489] },
  { alpha: 0.1, context: [1, 0], best: 0, bounds: [0.5469, 0.4672] },
  { alpha: 0.1, context: [1, 3], best: 1, bounds: [0.5197, 1.1309] },
])('chooses the arm of the higher bound at $context, alpha $alpha', ({ alpha, context, best, bounds }) => {
  const bandit = linearBandit(2, 2, alpha);
  for (const [arm, seen, reward] of rounds) bandit.learn(arm, seen, reward);
  expect(bounds.indexOf(Math.max(...bounds)), 'the oracle agrees with itself').toBe(best);
  expect(bandit.choose(context)).toBe(best);
});

test('learns which arm is best in which context, where no single arm is', () => {
  const { uniform, below } = randomStream(7);
  const bandit = linearBandit(3, 2);
  let late = 0;
  for (let round = 0; round < 600; round++) {
    const isLong = below(2) === 1;
    const context = [1, Number(isLong)];
    const arm = bandit.choose(context);
    const isPaid = uniform() < ((isLong ? [0.2, 0.9, 0.5] : [0.8, 0.1, 0.5])[arm] as number);
    bandit.learn(arm, context, Number(isPaid));
    if (round >= 300) late += Number(arm === (isLong ? 1 : 0)) / 300;
  }
  expect(late, 'share of best choices').toBeGreaterThan(0.9);
});

test('tries every arm before it believes in one', () => {
  const bandit = linearBandit(3, 1);
  const tried = Array.from({ length: 3 }, () => {
    const arm = bandit.choose([1]);
    bandit.learn(arm, [1], 0);
    return arm;
  });
  expect(tried).toEqual([0, 1, 2]);
});

test('refuses an arm or a context that it has not', () => {
  expect(() => linearBandit(2, 2).learn(2, [1, 1], 1)).toThrow(RangeError);
  expect(() => linearBandit(2, 2).learn(0, [1], 1)).toThrow(RangeError);
});
