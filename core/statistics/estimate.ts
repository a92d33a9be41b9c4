import { quantileSorted } from 'simple-statistics';
import { gridOf, resampledMeans, type Grid, type Observation } from './bootstrap.ts';
import wilsonInterval from './wilson.ts';

/** What is resampled of a suite. */
type Unit = 'tasks' | 'phrasings';

/** How an interval was made; every table and page says it beside the figure. */
type Method =
  /** Percentile bootstrap over tasks, or over phrasings where some tasks share one. */
  | `bootstrap over ${Unit}`
  /** Percentile bootstrap over these and, independently, over seeds. */
  | `bootstrap over ${Unit} and seeds`
  /** Every task gave the same 0 or 1, where a bootstrap degenerates: Wilson's interval with n = tasks, or phrasings. */
  | 'Wilson'
  /** Every task gave the same value, neither 0 nor 1: no spread to estimate. */
  | 'no spread'
  /** Fewer tasks, or phrasings, than an interval wants. */
  | 'too few tasks'
  /** Student's t with a clustered standard error (`paired.ts`), of these very trainings where there are fewer than ten. */
  | `t over ${Unit}`
  | `t over ${Unit}, of these trainings`
  | `t over ${Unit} and seeds`
  /** Of an interquartile mean (`iqm.ts`), which has no interval below ten seeds. */
  | 'jackknife over seeds'
  | 'too few seeds'
  /** Shares corrected for a judge's errors (`agreement/rogan-gladen.ts`, `agreement/prediction-powered.ts`). */
  | 'Rogan–Gladen'
  | 'prediction-powered';

/** A mean with its 95 % interval (or `level`). `low` and `high` are null where the data allow no interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tasks: number;
  readonly seeds: number;
  readonly episodes: number;
  readonly method: Method;
}

export interface EstimateOptions {
  /** Coverage of the interval; 0.95 unless told. Wilson's interval is always of 95 %. */
  readonly level?: number;
  /** Values lie in 0..1, so that all-0 and all-1 get Wilson's interval; true unless told. */
  readonly isShare?: boolean;
  readonly resamples?: number;
}

/**
 * Mean over tasks of each task's mean over seeds and repetitions, so that the unit is the task. Tasks of one phrasing are
 * resampled together, for their successes go together. With two seeds or more seeds are resampled, too (Owen 2007, "The
 * pigeonhole bootstrap", doi:10.1214/07-AOAS122), since a figure pooled over trainings speaks of new tasks and of new
 * trainings. `null` without observations.
 */
export default function estimateMean(
  observations: readonly Observation[],
  options: EstimateOptions = {},
): Estimate | null {
  const { level = 0.95, isShare = true, resamples = 2000 } = options;
  if (observations.length === 0) return null;
  const grid = gridOf(observations);
  const { taskMeans } = grid;
  const value = taskMeans.reduce((sum, one) => sum + one, 0) / taskMeans.length;
  const counts = { tasks: grid.tasks.length, seeds: grid.seeds.length, episodes: observations.length };
  const hasSpread = grid.cells.some((cell) => !Number.isNaN(cell) && cell !== taskMeans[0]);
  if (!hasSpread && isShare && (value === 0 || value === 1)) {
    const { low, high } = wilsonInterval(value * grid.clusters.length, grid.clusters.length);
    return { value, low, high, ...counts, method: 'Wilson' };
  }
  if (grid.clusters.length < 2) return { value, low: null, high: null, ...counts, method: 'too few tasks' };
  if (!hasSpread) return { value, low: value, high: value, ...counts, method: 'no spread' };
  const means = resampledMeans(grid, resamples);
  const low = Math.min(value, quantileSorted(means, (1 - level) / 2));
  const high = Math.max(value, quantileSorted(means, (1 + level) / 2));
  const unit = unitOf(grid);
  const method = counts.seeds > 1 ? (`bootstrap over ${unit} and seeds` as const) : (`bootstrap over ${unit}` as const);
  return { value, low, high, ...counts, method };
}

/** What a grid's clusters are. */
export const unitOf = ({ tasks, clusters }: Grid): Unit => (clusters.length < tasks.length ? 'phrasings' : 'tasks');
