import type { ClusteredMean } from '../clustered.ts';

/** A share after correction for the judge's errors, with its 95 % interval; both within 0..1. */
export interface CorrectedShare {
  readonly value: number;
  readonly low: number;
  readonly high: number;
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
