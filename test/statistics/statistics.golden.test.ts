import { describe, expect, it } from 'vitest';
import estimateMean from '../../core/statistics/estimate.ts';
import estimateInterquartileMean from '../../core/statistics/iqm.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import wilsonInterval from '../../core/statistics/wilson.ts';
import golden from './golden/statistics.json' with { type: 'json' };

/** Half the width of a 95 % interval over 1.96: what the bootstrap takes the standard error to be. */
const errorOf = ({ low, high }: { low: number | null; high: number | null }) =>
  (Number(high) - Number(low)) / (2 * 1.96);

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
      const result = pairedDifference(oneSeed(before), oneSeed(after), { resamples: 20_000 });
      expect(result.pairs, 'pairs').toBe(before.length);
      expect(result.difference?.value, 'difference').toBeCloseTo(difference, 12);
      const ratio = errorOf(result.difference ?? { low: null, high: null }) / standardError;
      expect(Math.abs(ratio - 1), 'error against the paired t test').toBeLessThan(0.08);
    },
  );

  it.each(golden.interquartile)('interquartile mean of $scores.length families', ({ scores, mean, low, high }) => {
    const ofFamilies = scores.flatMap((row, family) =>
      row.map((value, seed) => ({ family: `family ${family}`, task: `task ${family}`, seed, value })),
    );
    const estimate = estimateInterquartileMean(ofFamilies, { resamples: 20_000 });
    expect(estimate?.method).toBe('bootstrap over seeds');
    expect(estimate?.value, 'scipy.stats.trim_mean').toBeCloseTo(mean, 12);
    // Two Monte Carlo runs of one bootstrap: their ends differ by some hundredths of its width.
    const tolerance = 0.04 * (high - low);
    expect(Math.abs(Number(estimate?.low) - low), 'lower end').toBeLessThan(tolerance);
    expect(Math.abs(Number(estimate?.high) - high), 'upper end').toBeLessThan(tolerance);
  });
});
