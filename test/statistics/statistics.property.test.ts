import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream, seedOf } from '../../core/seeds.ts';
import type { Observation } from '../../core/statistics/bootstrap.ts';
import estimateMean from '../../core/statistics/estimate.ts';
import estimateInterquartileMean, { interquartileMean, type FamilyObservation } from '../../core/statistics/iqm.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import wilsonInterval from '../../core/statistics/wilson.ts';

const observation: fc.Arbitrary<Observation> = fc.record({
  task: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  seed: fc.integer({ min: 1, max: 4 }),
  value: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
});
const sample = fc.array(observation, { minLength: 1, maxLength: 60 });
const options = { resamples: 100 };

describe('a mean with its interval', () => {
  it('contains the mean and stays within the values', () => {
    fc.assert(
      fc.property(sample, (observations) => {
        const { value, low, high, tasks, method } = estimateMean(observations, options)!;
        const values = observations.map((one) => one.value);
        expect(value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(value).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        if (low === null || high === null) {
          expect([tasks, method]).toEqual([1, 'too few tasks']);
          return;
        }
        expect(low).toBeLessThanOrEqual(value);
        expect(high).toBeGreaterThanOrEqual(value);
        expect(low).toBeGreaterThanOrEqual(-1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  it('does not depend on the order of observations', () => {
    fc.assert(
      fc.property(sample, fc.integer(), (observations, seed) => {
        const shuffled = randomStream(seed).shuffle(observations);
        expect(estimateMean(shuffled, options)).toEqual(estimateMean(observations, options));
      }),
    );
  });

  it('repeats of a task change its mean, not its weight', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (repeats) => {
        const one = { task: 'easy', seed: 1, value: 1 };
        const other = { task: 'hard', seed: 1, value: 0 };
        const observations = [...Array.from({ length: repeats }, () => one), other];
        expect(estimateMean(observations, options)?.value).toBe(0.5);
      }),
    );
  });

  it('moves with the values: 1 − x gives the mirrored interval', () => {
    fc.assert(
      fc.property(sample, (observations) => {
        const there = estimateMean(observations, options)!;
        const back = estimateMean(
          observations.map((one) => ({ ...one, value: 1 - one.value })),
          options,
        )!;
        expect(back.value).toBeCloseTo(1 - there.value, 10);
        if (there.low !== null) expect(back.high).toBeCloseTo(1 - there.low, 10);
      }),
    );
  });
});

const ofFamilies: fc.Arbitrary<FamilyObservation[]> = fc.array(
  observation.map((one) => ({ ...one, family: one.task < 'd' ? 'early' : 'late' })),
  { minLength: 1, maxLength: 60 },
);

describe('an interquartile mean', () => {
  it('stays within its interval and the values, whatever the order of observations', () => {
    fc.assert(
      fc.property(ofFamilies, fc.integer(), (observations, seed) => {
        const estimate = estimateInterquartileMean(observations, options)!;
        expect(estimateInterquartileMean(randomStream(seed).shuffle(observations), options)).toEqual(estimate);
        const { value, low, high, method } = estimate;
        if (low === null || high === null) expect(method).toBe('too few seeds');
        const values = observations.map((one) => one.value);
        const ends = [Math.min(...values) - 1e-12, low ?? value, value, high ?? value, Math.max(...values) + 1e-12];
        expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      }),
    );
  });

  it('does not hear what happens in the outer quarters', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 40 }), (values) => {
        const cut = Math.floor(values.length / 4);
        const outer = values.toSorted((a, b) => a - b).map((one, index) => (index < cut ? one - 9 : one));
        const both = outer.map((one, index) => (index >= values.length - cut ? one + 9 : one));
        expect(interquartileMean(both)).toBe(interquartileMean(values));
        expect(interquartileMean(values.map((one) => one + 1))).toBeCloseTo(interquartileMean(values) + 1, 10);
      }),
    );
  });

  it('weighs a family’s tasks within its scores: repeats and more tasks make no more scores', () => {
    const observations = Array.from({ length: 31 }, (_, index) => ({
      family: index === 0 ? 'of one task' : 'of many',
      task: String(index),
      seed: 1,
      value: Math.min(1, index),
    }));
    expect(estimateInterquartileMean(observations, options)).toMatchObject({ value: 0.5, method: 'too few seeds' });
  });
});

describe('a paired difference', () => {
  it('of a side with itself is nothing, and swapping sides flips the sign', () => {
    fc.assert(
      fc.property(sample, sample, (before, after) => {
        const none = pairedDifference(before, before, options);
        expect(none.difference?.value).toBe(0);
        expect(none.unpaired).toBe(0);
        const [there, back] = [pairedDifference(before, after, options), pairedDifference(after, before, options)];
        expect(there.pairs).toBe(back.pairs);
        if (there.difference) expect(back.difference?.value).toBeCloseTo(-there.difference.value, 12);
      }),
    );
  });
});

describe('Wilson’s interval', () => {
  it('contains the share, lies in 0..1 and narrows with n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.round(share * trials);
        const { low, high } = wilsonInterval(successes, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        const larger = wilsonInterval(successes * 2, trials * 2);
        expect(larger.high - larger.low).toBeLessThan(high - low);
      }),
    );
  });
});

/** Trainings differ and tasks differ; the truth is 0.7 for new tasks and new trainings. */
const draw = (trial: number, tasks: number, seeds: number): Observation[] => {
  const { uniform } = randomStream(seedOf('coverage', trial));
  const luck = Array.from({ length: seeds }, () => 0.2 * (uniform() - 0.5));
  return Array.from({ length: tasks }, () => (uniform() < 0.5 ? 0.55 : 0.85)).flatMap((share, task) =>
    luck.map((shift, seed) => ({ task: `task ${task}`, seed, value: Number(uniform() < share + shift) })),
  );
};
const covered = (estimate: ReturnType<typeof estimateMean>) => Number(estimate!.low! <= 0.7 && estimate!.high! >= 0.7);

describe('coverage', () => {
  it('is about 95 % over tasks and seeds, and much less where episodes pass for tasks', () => {
    const trials = 300;
    let [honest, naive] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const observations = draw(trial, 40, 5);
      honest += covered(estimateMean(observations, { resamples: 400 }));
      const asTasks = observations.map((one) => ({ ...one, task: `${one.task} ${one.seed}`, seed: 0 }));
      naive += covered(estimateMean(asTasks, { resamples: 400 }));
    }
    expect(honest / trials, 'coverage').toBeGreaterThan(0.9);
    expect(naive / trials, 'coverage of the naive bootstrap').toBeLessThan(honest / trials - 0.03);
  });
});
