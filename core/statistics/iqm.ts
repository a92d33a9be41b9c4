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
 * seeds with replacement within each family; percentile ends. It speaks of new trainings on these families. No interval where
 * no family has two seeds. `null` without observations.
 */
export default function estimateInterquartileMean(
  observations: readonly FamilyObservation[],
  options: { readonly level?: number; readonly resamples?: number } = {},
): Estimate | null {
  const { level = 0.95, resamples = 2000 } = options;
  if (observations.length === 0) return null;
  const strata = strataOf(observations);
  const value = interquartileMean(strata.flat());
  const counts = {
    tasks: new Set(observations.map(({ task }) => task)).size,
    seeds: new Set(observations.map(({ seed }) => seed)).size,
    episodes: observations.length,
  };
  if (strata.every((scores) => scores.length < 2))
    return { value, low: null, high: null, ...counts, method: 'too few seeds' };
  if (strata.every((scores) => scores.every((score) => score === scores[0])))
    return { value, low: value, high: value, ...counts, method: 'no spread' };
  const means = resampled(strata, counts.seeds, resamples);
  const low = Math.min(value, quantileSorted(means, (1 - level) / 2));
  const high = Math.max(value, quantileSorted(means, (1 + level) / 2));
  return { value, low, high, ...counts, method: 'bootstrap over seeds by family' };
}

/** Scores by family, in order of families and seeds, whatever the order of observations. */
function strataOf(observations: readonly FamilyObservation[]): number[][] {
  const families = Map.groupBy(observations, ({ family }) => family);
  return [...families.keys()].sort().map((family) => {
    const { tasks, seeds, cells } = gridOf(families.get(family) ?? []);
    return seeds.map((_, column) => {
      const ofSeed = tasks.map((_task, row) => cells[row * seeds.length + column] as number);
      const played = ofSeed.filter((cell) => !Number.isNaN(cell));
      return played.reduce((sum, cell) => sum + cell, 0) / played.length;
    });
  });
}

/** Sorted; the same scores give the same means anywhere. */
function resampled(strata: readonly (readonly number[])[], seeds: number, resamples: number): number[] {
  const { below } = randomStream(seedOf('stratified bootstrap', strata.length, seeds));
  const drawn = new Float64Array(strata.reduce((sum, { length }) => sum + length, 0));
  const means = Array.from({ length: resamples }, () => {
    let next = 0;
    for (const scores of strata) for (const _ of scores) drawn[next++] = scores[below(scores.length)] as number;
    return interquartileMean(drawn);
  });
  return means.sort((a, b) => a - b);
}
