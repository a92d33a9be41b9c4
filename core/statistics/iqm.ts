import { quantileSorted } from 'simple-statistics';
import { randomStream, seedOf } from '../seeds.ts';
import { gridOf, type Observation } from './bootstrap.ts';
import type { Estimate } from './estimate.ts';

/** One episode's value, with the family of its task: the stratum. */
export interface FamilyObservation extends Observation {
  readonly family: string;
}

/** Trimmed from each end of the sorted scores. */
const trimmed = 0.25;

/**
 * Mean of the middle half of values: a quarter of them, rounded down, is left out at each end, as
 * `scipy.stats.trim_mean(values, 0.25)` does. `NaN` without values.
 */
export function interquartileMean(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(trimmed * sorted.length);
  return sorted.subarray(cut, sorted.length - cut).reduce((sum, one) => sum + one, 0) / (sorted.length - 2 * cut);
}

/**
 * Interquartile mean of the scores of every seed on every family, with its stratified bootstrap interval (Agarwal et al. 2021,
 * "Deep RL at the edge of the statistical precipice"): a score is a seed's mean over a family's tasks; each resample draws
 * seeds with replacement; percentile ends. It speaks of new trainings on these families. No interval with one seed. `null`
 * without observations.
 *
 * Differs from the paper, where every score is of a training of its own and strata are drawn apart: here one training yields
 * the scores on all families, so that a seed is drawn with all of them.
 */
export default function estimateInterquartileMean(
  observations: readonly FamilyObservation[],
  options: { readonly level?: number; readonly resamples?: number } = {},
): Estimate | null {
  const { level = 0.95, resamples = 2000 } = options;
  if (observations.length === 0) return null;
  const strata = strataOf(observations);
  const value = interquartileMean(present(strata.flat()));
  const counts = {
    tasks: new Set(observations.map(({ task }) => task)).size,
    seeds: new Set(observations.map(({ seed }) => seed)).size,
    episodes: observations.length,
  };
  if (counts.seeds < 2) return { value, low: null, high: null, ...counts, method: 'too few seeds' };
  if (strata.every((scores) => new Set(present(scores)).size < 2))
    return { value, low: value, high: value, ...counts, method: 'no spread' };
  const means = resampled(strata, counts.seeds, resamples);
  const low = Math.min(value, quantileSorted(means, (1 - level) / 2));
  const high = Math.max(value, quantileSorted(means, (1 + level) / 2));
  return { value, low, high, ...counts, method: 'bootstrap over seeds' };
}

const present = (scores: readonly number[]): number[] => scores.filter((score) => !Number.isNaN(score));

/** Scores by family and seed, in order of families and seeds, whatever the order of observations; `NaN` where there is none. */
function strataOf(observations: readonly FamilyObservation[]): number[][] {
  const seeds = [...new Set(observations.map(({ seed }) => seed))].sort((a, b) => a - b);
  const families = Map.groupBy(observations, ({ family }) => family);
  return [...families.keys()].sort().map((family) => {
    const grid = gridOf(families.get(family) ?? []);
    return seeds.map((seed) => {
      const column = grid.seeds.indexOf(seed);
      if (column < 0) return Number.NaN;
      const played = present(grid.tasks.map((_task, row) => grid.cells[row * grid.seeds.length + column] as number));
      return played.reduce((sum, cell) => sum + cell, 0) / played.length;
    });
  });
}

/** Sorted; the same scores give the same means anywhere. */
function resampled(strata: readonly (readonly number[])[], seeds: number, resamples: number): number[] {
  const { below } = randomStream(seedOf('stratified bootstrap', strata.length, seeds));
  const means: number[] = [];
  while (means.length < resamples) {
    const drawn = Array.from({ length: seeds }, () => below(seeds));
    const scores = present(strata.flatMap((row) => drawn.map((seed) => row[seed] as number)));
    if (scores.length > 0) means.push(interquartileMean(scores));
  }
  return means.sort((a, b) => a - b);
}
