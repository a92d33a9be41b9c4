import type { ClusteredMean } from '../clustered.ts';

/** A share after correction for the judge's errors, with its 95 % interval; both within 0..1. */
export interface CorrectedShare {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** 97.5 % quantile of the standard normal distribution. */
export const normalQuantile = 1.959963984540054;

/**
 * 97.5 % quantile of Student's t, by its expansion around the normal one (Abramowitz and Stegun 26.7.5): within .05 %
 * from 5 degrees of freedom on. Throws `RangeError` below 3, where it is off. Own code: simple-statistics has no t quantile.
 */
export function studentQuantile(degrees: number): number {
  if (!(degrees >= 3)) throw new RangeError(`Student's quantile wants 3 degrees of freedom or more, got ${degrees}.`);
  const z = normalQuantile;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, index) => sum + term / degrees ** (index + 1), z);
}

/**
 * How many independent answers would know a share as well as these, which come in tasks: p(1 − p) over the variance,
 * never more than there are. Where all are equal the tasks count.
 */
export function effectiveCount({ mean, variance, tasks, items }: ClusteredMean): number {
  if (variance === 0 || mean <= 0 || mean >= 1) return tasks;
  return Math.min(items, Math.max(1, (mean * (1 - mean)) / variance));
}

export const withinShare = (value: number): number => Math.min(1, Math.max(0, value));
