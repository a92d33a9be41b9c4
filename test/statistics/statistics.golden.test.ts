import { describe, expect, it } from 'vitest';
import estimateMean from '../../core/statistics/estimate.ts';
import estimateInterquartileMean from '../../core/statistics/iqm.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import { normalQuantileOf, studentQuantile } from '../../core/statistics/student.ts';
import wilsonInterval from '../../core/statistics/wilson.ts';
import golden from './golden/statistics.json' with { type: 'json' };

/** Half the width of a 95 % interval over the quantile that it was made with: the standard error. */
const errorOf = ({ low, high }: { low: number | null; high: number | null }, quantile = 1.96) =>
  (Number(high) - Number(low)) / (2 * quantile);

const observations = (values: readonly (readonly number[])[]) =>
  values.flatMap((row, task) => row.map((value, seed) => ({ task: `task ${task}`, seed, value })));

const oneSeed = (values: readonly number[]) => observations(values.map((value) => [value]));

describe('against numpy, scipy and statsmodels (golden/make_golden.py)', () => {
  it.each(golden.wilson)('Wilson: $successes of $trials', ({ successes, trials, low, high }) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low, 'lower end').toBeCloseTo(low, 12);
    expect(interval.high, 'upper end').toBeCloseTo(high, 12);
  });

  it.each(golden.oneSeed)('bootstrap over $values.length tasks', ({ values, mean, low, high }) => {
    const estimate = estimateMean(oneSeed(values), { resamples: 20_000 });
    expect(estimate?.value, 'mean').toBeCloseTo(mean, 12);
    // A mean of n tasks moves in steps of 1/n; the ends agree to one step.
    expect(Math.abs(Number(estimate?.low) - low), 'lower end').toBeLessThanOrEqual(1 / values.length + 1e-9);
    expect(Math.abs(Number(estimate?.high) - high), 'upper end').toBeLessThanOrEqual(1 / values.length + 1e-9);
  });

  it.each(golden.twoWay)('tasks and seeds: two-way clustered standard error', (row) => {
    const estimate = estimateMean(observations(row.values), { resamples: 20_000 });
    expect(estimate?.method).toBe('bootstrap over tasks and seeds');
    expect(estimate?.value, 'mean').toBeCloseTo(row.mean, 12);
    const ratio = errorOf(estimate ?? { low: null, high: null }) / row.standardErrorByTaskAndSeed;
    // The pigeonhole bootstrap is never too narrow by design, and somewhat wide where cells are noisy (Owen 2007, theorem 3).
    expect(ratio, 'bootstrap error over two-way error').toBeGreaterThan(0.95);
    expect(ratio, 'bootstrap error over two-way error').toBeLessThan(1.45);
  });

  it.each(golden.paired)(
    'paired difference of $before.length tasks',
    ({ before, after, difference, standardError }) => {
      const result = pairedDifference(oneSeed(before), oneSeed(after));
      expect(result.pairs, 'pairs').toBe(before.length);
      expect(result.difference?.value, 'difference').toBeCloseTo(difference, 12);
      const quantile = studentQuantile(before.length - 1);
      const error = errorOf(result.difference ?? { low: null, high: null }, quantile);
      expect(error, 'error against the paired t test').toBeCloseTo(standardError, 12);
    },
  );

  it.each(golden.twoWay)('a difference over tasks and seeds: two-way clustered standard error', (row) => {
    const after = observations(row.values);
    const zeros = after.map((one) => ({ ...one, value: 0 }));
    const { difference } = pairedDifference(zeros, after);
    const seeds = row.values[0]?.length ?? 0;
    const ends = difference ?? { low: null, high: null };
    if (seeds < 10) {
      const tasks = row.values.length;
      const error = errorOf(ends, studentQuantile(tasks - 1));
      const corrected = row.standardErrorByTask * Math.sqrt(tasks / (tasks - 1));
      expect(error, 'of these trainings: clustered by task alone').toBeCloseTo(corrected, 12);
    } else {
      // Student's degrees of freedom lie between those of seeds and those of tasks.
      expect(errorOf(ends) / row.standardErrorByTaskAndSeed).toBeGreaterThan(1);
      expect(errorOf(ends, studentQuantile(seeds - 1)) / row.standardErrorByTaskAndSeed).toBeLessThan(1.01);
    }
  });

  it.each(golden.interquartile)('interquartile mean of $scores.length families', ({ scores, mean }) => {
    const ofFamilies = scores.flatMap((row, family) =>
      row.map((value, seed) => ({ family: `family ${family}`, task: `task ${family}`, seed, value })),
    );
    expect(estimateInterquartileMean(ofFamilies)?.value, 'scipy.stats.trim_mean').toBeCloseTo(mean, 12);
  });

  it.each([
    [0.95, 1.959963984540054],
    [0.99, 2.5758293035489004],
    [1 - 0.05 / 91, 3.4554129663390474],
  ])('the normal quantile of level %d', (level, quantile) => {
    expect(normalQuantileOf(level)).toBeCloseTo(quantile, 9);
  });
});
