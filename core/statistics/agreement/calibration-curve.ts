import { quantileSorted } from 'simple-statistics';
import { randomStream, seedOf } from '../../seeds.ts';
import type { Scored } from './scores.ts';

/** Things whose scores lie close together. */
export interface Bin {
  readonly count: number;
  readonly meanScore: number;
  /** Share of them that is true. */
  readonly share: number;
}

/**
 * Inner edges of bins that hold about equally many scores: quantiles by linear interpolation. Equal scores always share a
 * bin, so there may be fewer bins than asked for.
 */
export function equalMassEdges(scores: readonly number[], bins: number): number[] {
  if (scores.length === 0) return [];
  const sorted = Float64Array.from(scores).sort();
  return Array.from({ length: bins - 1 }, (_, index) => {
    const position = ((index + 1) / bins) * (sorted.length - 1);
    const [below, above] = [sorted[Math.floor(position)] as number, sorted[Math.ceil(position)] as number];
    return below + (position - Math.floor(position)) * (above - below);
  });
}

/** Bin of a score: as many as there are edges below it. */
export function binOf(score: number, edges: readonly number[]): number {
  let bin = 0;
  while (bin < edges.length && (edges[bin] as number) < score) bin += 1;
  return bin;
}

/** The calibration curve over given edges, empty bins left out. */
export function calibrationCurve(items: readonly Scored[], edges: readonly number[]): Bin[] {
  const sums = Array.from({ length: edges.length + 1 }, () => ({ count: 0, score: 0, trues: 0 }));
  for (const { truth, score } of items) {
    const sum = sums[binOf(score, edges)];
    if (!sum) continue;
    sum.count += 1;
    sum.score += score;
    sum.trues += Number(truth);
  }
  return sums
    .filter(({ count }) => count > 0)
    .map(({ count, score, trues }) => ({ count, meanScore: score / count, share: trues / count }));
}

/**
 * Expected calibration error over given edges: the mean distance of score and truth's share, bins weighted by count;
 * `null` without items. Biased upwards: see `errorIfCalibrated`.
 */
export function calibrationError(items: readonly Scored[], edges: readonly number[]): number | null {
  if (items.length === 0) return null;
  const bins = calibrationCurve(items, edges);
  return bins.reduce((sum, { count, meanScore, share }) => sum + count * Math.abs(meanScore - share), 0) / items.length;
}

/** What a perfectly calibrated judge with the same scores would show. */
export interface NullError {
  /** Its mean error: the small-sample bias of the estimate, where the judge is calibrated. */
  readonly mean: number;
  /** Its 95 % quantile: an error above it is not luck. */
  readonly upper: number;
}

/**
 * The calibration error that sampling alone makes, by drawing truths with the scores as probabilities; independent draws,
 * so it is somewhat low where things of one task are alike. Seeded by the sample's size: equal samples give equal numbers.
 */
export function errorIfCalibrated(scores: readonly number[], edges: readonly number[], draws = 1000): NullError | null {
  if (scores.length === 0) return null;
  // Sorted, so that the order of the items cannot change the draws.
  const sorted = [...scores].sort((a, b) => a - b);
  const bins = Int32Array.from(sorted, (score) => binOf(score, edges));
  const { uniform } = randomStream(seedOf('calibration error', sorted.length));
  const gaps = new Float64Array(edges.length + 1);
  const errors = Array.from({ length: draws }, () => {
    gaps.fill(0);
    sorted.forEach((score, index) => {
      gaps[bins[index] as number]! += score - Number(uniform() < score);
    });
    return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / sorted.length;
  }).sort((a, b) => a - b);
  return { mean: errors.reduce((sum, error) => sum + error, 0) / draws, upper: quantileSorted(errors, 0.95) };
}
