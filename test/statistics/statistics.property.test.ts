import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream, seedOf } from '../../core/seeds.ts';
import type { Observation } from '../../core/statistics/bootstrap.ts';
import estimateMean from '../../core/statistics/estimate.ts';
import estimateInterquartileMean, { interquartileMean, type FamilyObservation } from '../../core/statistics/iqm.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import wilsonInterval from '../../core/statistics/wilson.ts';
import { isWhole } from '../whole.ts';

const observation: fc.Arbitrary<Observation> = fc.record({
  task: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
  seed: fc.integer({ min: 1, max: 12 }),
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
        const estimate = estimateInterquartileMean(observations)!;
        expect(estimateInterquartileMean(randomStream(seed).shuffle(observations))).toEqual(estimate);
        const { value, low, high, method } = estimate;
        if (low === null || high === null) expect(method).toMatch(/^too few seeds$|^no spread$/);
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
    expect(estimateInterquartileMean(observations)).toMatchObject({ value: 0.5, method: 'too few seeds' });
  });
});

describe('a paired difference', () => {
  it('of a side with itself is nothing, and swapping sides flips the sign', () => {
    fc.assert(
      fc.property(sample, sample, (before, after) => {
        const none = pairedDifference(before, before);
        expect(none.difference?.value).toBe(0);
        expect(none.unpaired).toBe(0);
        const [there, back] = [pairedDifference(before, after), pairedDifference(after, before)];
        expect(there.pairs).toBe(back.pairs);
        if (!there.difference) return;
        expect(back.difference?.value).toBeCloseTo(-there.difference.value, 12);
        if (there.difference.low !== null) expect(back.difference?.high).toBeCloseTo(-there.difference.low, 10);
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

/** Trainings differ, and so do phrasings, three tasks each; the truth is 0.7 for new phrasings and new trainings. */
const draw = (trial: number, phrasings: number, seeds: number): Observation[] => {
  const { uniform } = randomStream(seedOf('coverage', trial));
  const luck = Array.from({ length: seeds }, () => 0.2 * (uniform() - 0.5));
  return Array.from({ length: phrasings }, () => (uniform() < 0.5 ? 0.5 : 0.9)).flatMap((share, phrasing) =>
    Array.from({ length: 3 }, (_, task) => `task ${phrasing} ${task}`).flatMap((task) =>
      luck.map((shift, seed) => ({
        task,
        phrasing: `phrasing ${phrasing}`,
        seed,
        value: Number(uniform() < share + shift),
      })),
    ),
  );
};
const covered = (estimate: ReturnType<typeof estimateMean>, truth: number) =>
  Number((estimate?.low ?? 2) <= truth && (estimate?.high ?? -2) >= truth);
const alone = (observations: readonly Observation[]) =>
  observations.map(({ task, seed, value }) => ({ task, seed, value }));

describe('coverage', () => {
  it('of a mean is about 95 % over phrasings and seeds, and much less where tasks pass for phrasings', () => {
    const trials = isWhole ? 1000 : 150;
    let [honest, naive] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const observations = draw(trial, 20, 5);
      honest += covered(estimateMean(observations, { resamples: 300 }), 0.7);
      naive += covered(estimateMean(alone(observations), { resamples: 300 }), 0.7);
    }
    expect(honest / trials, 'coverage').toBeGreaterThan(0.9);
    expect(naive / trials, 'coverage of the naive bootstrap').toBeLessThan(honest / trials - 0.03);
  });

  // Level of one pair, and of one among the 91 pairs of fourteen arms; below ten seeds the luck of these trainings is the truth.
  it.each(isWhole ? [3, 10, 20] : [10])('of a difference is its level with %i seeds', (seeds) => {
    const trials = isWhole ? 1500 : 250;
    let [single, together] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const observations = draw(trial, 20, seeds);
      const zeros = observations.map((one) => ({ ...one, value: 0 }));
      const { uniform } = randomStream(seedOf('coverage', trial));
      const luck = Array.from({ length: seeds }, () => 0.2 * (uniform() - 0.5));
      const truth = seeds < 10 ? 0.7 + luck.reduce((sum, one) => sum + one, 0) / seeds : 0.7;
      single += covered(pairedDifference(zeros, observations).difference, truth);
      together += covered(pairedDifference(zeros, observations, { level: 1 - 0.05 / 91 }).difference, truth);
    }
    expect(single / trials, 'at 95 %').toBeGreaterThan(0.93);
    expect(single / trials, 'at 95 %').toBeLessThan(0.97);
    expect(together / trials, 'at 99.95 %').toBeGreaterThan(isWhole ? 0.998 : 0.995);
  });

  it.each(isWhole ? [10, 20] : [10])('of an interquartile mean is .93 to .97 with %i seeds', (seeds) => {
    const suites = isWhole ? 20 : 4;
    const trials = isWhole ? 200 : 100;
    let count = 0;
    for (let suite = 0; suite < suites; suite++) {
      const training = trainings(suite);
      const scores = Array.from({ length: 4000 }, (_, seed) => training(`truth ${seed}`)).flat();
      const truth = interquartileMean(scores);
      for (let trial = 0; trial < trials; trial++) {
        const observations = Array.from({ length: seeds }, (_, seed) =>
          training(`${trial} ${seed}`).map((value, family) => ({
            family: `${family}`,
            task: `${family}`,
            seed,
            value,
          })),
        ).flat();
        count += covered(estimateInterquartileMean(observations), truth);
      }
    }
    expect(count / (suites * trials)).toBeGreaterThan(0.93);
    expect(count / (suites * trials)).toBeLessThan(0.97);
  });
});

/** Scores of a training on six families of ten tasks: families, trainings and both together differ in what they solve. */
function trainings(suite: number): (name: string) => number[] {
  const difficulty = normalOf(randomStream(seedOf('families', suite)));
  const families = Array.from({ length: 6 }, () => {
    const centre = 0.5 + difficulty();
    return Array.from({ length: 10 }, () => centre + 1.5 * difficulty());
  });
  return (name) => {
    const stream = randomStream(seedOf('training', suite, name));
    const normal = normalOf(stream);
    const luck = 0.3 * normal();
    return families.map((tasks) => {
      const here = luck + 0.3 * normal();
      return tasks.filter((ease) => stream.uniform() < 1 / (1 + Math.exp(-ease - here))).length / tasks.length;
    });
  };
}

/** Standard normal numbers, by Box and Muller. */
const normalOf =
  ({ uniform }: ReturnType<typeof randomStream>) =>
  () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
