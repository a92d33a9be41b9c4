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

/** A statistic to be estimated; `among` says of which items it is the share of something. */
export interface Figure<T> {
  readonly of: Statistic<T>;
  readonly among?: (item: T) => boolean;
}

/** The items of each task, tasks by name, so that the order in which items came cannot change a number. */
function clustersOf<T extends OfTask>(items: readonly T[]): readonly (readonly T[])[] {
  const byTask = Map.groupBy(items, ({ task }) => task);
  return [...byTask].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, items]) => items);
}

/**
 * Statistics that are no means (`estimateMean` is for means), with percentile bootstraps over tasks, all by the same
 * resamples. `null` where the whole sample does not define one. No interval where fewer than half of the resamples define
 * it (a class that two tasks hold), or where it never moves, unless it is a share of 0 or 1: then Wilson's, with n = tasks.
 * `episodes` counts the items (`among` them); items have no seeds.
 */
export function clusteredEstimates<T extends OfTask, Name extends string>(
  items: readonly T[],
  figures: Readonly<Record<Name, Figure<T>>>,
  { level = 0.95, resamples = 1000 }: Omit<EstimateOptions, 'isShare'> = {},
): Record<Name, Estimate | null> {
  const clusters = clustersOf(items);
  const tasks = clusters.length;
  const whole = clusters.flat();
  const names = Object.keys(figures) as Name[];
  const values = names.map((name) => (tasks === 0 ? null : figures[name].of(whole)));
  const drawn: number[][] = names.map(() => []);
  const { below } = randomStream(seedOf('bootstrap', tasks, 1));
  const draws = tasks < 2 ? 0 : resamples;
  for (let draw = 0; draw < draws; draw++) {
    const sample = Array.from({ length: tasks }, () => clusters[below(tasks)] ?? []).flat();
    names.forEach((name, index) => {
      const value = values[index] === null ? null : figures[name].of(sample);
      if (value !== null) drawn[index]?.push(value);
    });
  }
  const estimates = names.map((name, index) => {
    const value = values[index] ?? null;
    if (value === null) return null;
    const { among } = figures[name];
    const part = among ? whole.filter(among) : whole;
    const counts = { value, tasks: new Set(part.map(({ task }) => task)).size, seeds: 1, episodes: part.length };
    return intervalOf(counts, drawn[index] ?? [], { level, resamples, isShare: among !== undefined });
  });
  return Object.fromEntries(names.map((name, index) => [name, estimates[index] ?? null])) as Record<
    Name,
    Estimate | null
  >;
}

function intervalOf(
  counts: Pick<Estimate, 'value' | 'tasks' | 'seeds' | 'episodes'>,
  values: number[],
  { level, resamples, isShare }: Required<EstimateOptions>,
): Estimate {
  const { value, tasks } = counts;
  if (isShare && (value === 0 || value === 1)) {
    return { ...counts, ...wilsonInterval(value * tasks, tasks), method: 'Wilson' };
  }
  if (values.length === 0 || values.length < resamples / 2)
    return { ...counts, low: null, high: null, method: 'too few tasks' };
  values.sort((a, b) => a - b);
  const [low, high] = [quantileSorted(values, (1 - level) / 2), quantileSorted(values, (1 + level) / 2)];
  // What is left is of rounding alone: sums in another order.
  if (high - low < 1e-12) return { ...counts, low: null, high: null, method: 'no spread' };
  return { ...counts, low: Math.min(value, low), high: Math.max(value, high), method: 'bootstrap over tasks' };
}

/** One statistic with its interval, as `clusteredEstimates` makes it. */
export default function clusteredEstimate<T extends OfTask>(
  items: readonly T[],
  statistic: Statistic<T>,
  { isShare = false, ...options }: EstimateOptions = {},
): Estimate | null {
  const figure = isShare ? { of: statistic, among: () => true } : { of: statistic };
  return clusteredEstimates(items, { figure }, options).figure;
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
    clusters.map((cluster) => [
      cluster[0]?.task ?? '',
      sum(cluster.map((one) => valueOf(one) - centre)) / items.length,
    ]),
  );
  const squares = sum([...influence.values()].map((one) => one * one));
  const tasks = clusters.length;
  const variance = tasks < 2 ? 0 : (squares * tasks) / (tasks - 1);
  return { mean: centre, variance, tasks, items: items.length, influence };
}
