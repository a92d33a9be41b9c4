import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { explainedVariance, generalisedAdvantages } from '../../baselines/learning/gae.ts';

/** Worked out from Schulman et al. 2016, eq. 16, by two independent scripts. */
const rewards = [1, 1, 1];
const values = [0.5, 0.4, 0.3];

test('golden estimates, where the end is cut off and where it is terminal', () => {
  const cut = generalisedAdvantages({ rewards, values, bootstrap: 0.2 }, 0.99, 0.95);
  [2.5339456, 1.741569, 0.898].forEach((value, turn) => expect(cut[turn]).toBeCloseTo(value, 7));
  const ended = generalisedAdvantages({ rewards, values, bootstrap: 0 }, 0.99, 0.95);
  [2.3588067, 1.55535, 0.7].forEach((value, turn) => expect(ended[turn]).toBeCloseTo(value, 7));
  expect(generalisedAdvantages({ rewards: [], values: [], bootstrap: 1 }, 0.99, 0.95)).toEqual([]);
});

const number = fc.integer({ min: -100, max: 100 }).map((n) => n / 50);
const turns = fc.record({
  pairs: fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 12 }),
  bootstrap: number,
  gamma: fc.constantFrom(0, 0.5, 0.9, 0.99, 1),
});

test('λ = 1 gives the return less the value, λ = 0 the error of one step', () => {
  fc.assert(
    fc.property(turns, ({ pairs, bootstrap, gamma }) => {
      const given = { rewards: pairs.map(([reward]) => reward), values: pairs.map(([, value]) => value), bootstrap };
      const byReturn = generalisedAdvantages(given, gamma, 1);
      const byStep = generalisedAdvantages(given, gamma, 0);
      pairs.forEach(([reward, value], turn) => {
        const rest = pairs.slice(turn);
        const discounted = rest.reduce((sum, [one], k) => sum + gamma ** k * one, 0);
        expect(byReturn[turn]).toBeCloseTo(discounted + gamma ** rest.length * bootstrap - value, 9);
        const next = pairs[turn + 1]?.[1] ?? bootstrap;
        expect(byStep[turn]).toBeCloseTo(reward + gamma * next - value, 9);
      });
    }),
  );
});

test('values that are right leave nothing to be had: a constant reward for ever', () => {
  const value = 1 / (1 - 0.98);
  for (const lambda of [0, 0.95, 1]) {
    const given = { rewards: [1, 1, 1, 1], values: [value, value, value, value], bootstrap: value };
    for (const advantage of generalisedAdvantages(given, 0.98, lambda)) expect(advantage).toBeCloseTo(0, 9);
  }
});

test('explained variance: all, none, and worse than none', () => {
  expect(explainedVariance([1, 2, 3], [1, 2, 3])).toBe(1);
  expect(explainedVariance([1, 2, 3], [5, 5, 5])).toBe(0);
  expect(explainedVariance([1, 2, 3], [3, 2, 1])).toBe(-3);
  expect(explainedVariance([2, 2], [1, 3])).toBe(0);
});
