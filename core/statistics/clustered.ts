import { mean, quantileSorted, sum } from 'simple-statistics';
import { randomStream, seedOf } from '../seeds.ts';
import type { Estimate, EstimateOptions } from './estimate.ts';
import wilsonInterval from './wilson.ts';

/** One thing that belongs to a task; things of one task are resampled together. */
export interface OfTask {
  readonly task: string;
}

/** A number from a sample, or `null` where the sample does not define it. */
export type Statistic<T> = (items: readonly T[]) => number | null;

/** The items of each task, tasks by name, so that the order in which items came cannot change a number. */
export function clustersOf<T extends OfTask>(items: readonly T[]): readonly (readonly T[])[] {
  const byTask = Map.groupBy(items, ({ task }) => task);
  return [...byTask].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, own]) => own);
}

/**
 * Any statistic of items with a percentile bootstrap over tasks, for what is no mean (`estimateMean` is for means). `null`
 * where the whole sample does not define it. No interval where fewer than half of the resamples define it (a class that
 * two tasks hold), or where none of them moves, unless it is a share of 0 or 1 (`isShare`): then Wilson's, with n = tasks.
 * `episodes` counts the items; items have no seeds.
 */
export default function clusteredEstimate<T extends OfTask>(
  items: readonly T[],
  statistic: Statistic<T>,
  options: EstimateOptions = {},
): Estimate | null {
  const { level = 0.95, isShare = false, resamples = 1000 } = options;
  const clusters = clustersOf(items);
  const value = clusters.length === 0 ? null : statistic(clusters.flat());
  if (value === null) return null;
  const tasks = clusters.length;
  const counts = { value, tasks, seeds: 1, episodes: items.length };
  if (isShare && (value === 0 || value === 1)) {
    return { ...counts, ...wilsonInterval(value * tasks, tasks), method: 'Wilson' };
  }
  if (tasks < 2) return { ...counts, low: null, high: null, method: 'too few tasks' };
  const { below } = randomStream(seedOf('bootstrap', tasks, 1));
  const values: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const drawn = statistic(Array.from({ length: tasks }, () => clusters[below(tasks)] ?? []).flat());
    if (drawn !== null) values.push(drawn);
  }
  if (values.length < resamples / 2) return { ...counts, low: null, high: null, method: 'too few tasks' };
  values.sort((a, b) => a - b);
  const [low, high] = [quantileSorted(values, (1 - level) / 2), quantileSorted(values, (1 + level) / 2)];
  // Of rounding alone: sums in another order.
  if (high - low < 1e-12) return { ...counts, low: null, high: null, method: 'no spread' };
  return { ...counts, low: Math.min(value, low), high: Math.max(value, high), method: 'bootstrap over tasks' };
}

/** A mean over items with the sampling variance that tasks, not items, give it. */
export interface ClusteredMean {
  readonly mean: number;
  /** Of the mean; 0 with one task. */
  readonly variance: number;
  readonly tasks: number;
  readonly items: number;
  /** Per task: sum of its items' deviations over the number of all items. The squares' sum is the variance, uncorrected. */
  readonly influence: ReadonlyMap<string, number>;
}

/**
 * Mean over items and its variance Σ_c (Σ_{i∈c} deviation)² · C/(C−1) / n² over tasks c (Miller 2024, arXiv:2411.00640,
 * eq. 4, with the usual correction for few clusters). Throws `RangeError` without items.
 */
export function clusteredMean<T extends OfTask>(items: readonly T[], valueOf: (item: T) => number): ClusteredMean {
  if (items.length === 0) throw new RangeError('A mean needs at least one item.');
  const clusters = clustersOf(items);
  const centre = mean(clusters.flat().map(valueOf));
  const influence = new Map(
    clusters.map((own) => [own[0]?.task ?? '', sum(own.map((one) => valueOf(one) - centre)) / items.length]),
  );
  const squares = sum([...influence.values()].map((one) => one * one));
  const tasks = clusters.length;
  const variance = tasks < 2 ? 0 : (squares * tasks) / (tasks - 1);
  return { mean: centre, variance, tasks, items: items.length, influence };
}
