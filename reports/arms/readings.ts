import type { Observation } from '../../core/statistics/bootstrap.ts';
import estimateMean, { type Estimate, type EstimateOptions } from '../../core/statistics/estimate.ts';
import estimateInterquartileMean from '../../core/statistics/iqm.ts';
import type { Job, Timing } from '../../core/run-types.ts';
import type { Episode } from '../../core/record/episode-figures.ts';

/** A number of an episode; `null` leaves the episode out. */
export type Reading = (episode: Episode) => number | null;

export const verified: Reading = ({ success }) => success && Number(success.verified);
export const properFinish: Reading = ({ success }) => success && Number(success.properFinish);
export const finishOfSuccess: Reading = ({ success }) => (success?.verified ? Number(success.properFinish) : null);

/** Tokens of an episode that is not void: its longest prompt, and the prompts of all its turns together. */
export const peakTokens: Reading = ({ success, peakTokens: tokens }) => success && tokens;
export const promptTokens: Reading = ({ success, tokens }) => success && tokens.prompt;
export const turnCount: Reading = ({ success, turns }) => success && turns;

export function observe(episodes: readonly Episode[], read: Reading): Observation[] {
  return episodes.flatMap((episode) => {
    const value = read(episode);
    return value === null ? [] : [{ task: episode.task, phrasing: phrasingOf(episode), seed: episode.seed, value }];
  });
}

/** Families have their own phrasings, equal texts or not. */
const phrasingOf = ({ family, phrasing }: Episode): string | undefined =>
  phrasing === undefined || phrasing === null ? undefined : `${family} ${phrasing}`;

export const estimate = (episodes: readonly Episode[], read: Reading, options?: EstimateOptions): Estimate | null =>
  estimateMean(observe(episodes, read), options);

/** Over the scores of each seed on each family; `null` where there is but one score. */
export function interquartile(episodes: readonly Episode[], read: Reading): Estimate | null {
  const scored = episodes.flatMap((episode) => {
    const value = read(episode);
    const { family, task, seed } = episode;
    return value === null ? [] : [{ family, task, seed, value }];
  });
  const scores = new Set(scored.map(({ family, seed }) => `${family} ${seed}`)).size;
  return scores < 2 ? null : estimateInterquartileMean(scored);
}

/** Mean of a reading for each seed, in order of seeds: the spread that a pooled figure hides. */
export function perSeed(
  episodes: readonly Episode[],
  read: Reading,
): { readonly seed: number; readonly value: number }[] {
  const seeds = [...new Set(episodes.map((episode) => episode.seed))].sort((a, b) => a - b);
  return seeds.flatMap((seed) => {
    const mean = estimateMean(
      observe(
        episodes.filter((episode) => episode.seed === seed),
        read,
      ),
      { resamples: 1 },
    );
    return mean === null ? [] : [{ seed, value: mean.value }];
  });
}

/** Seconds of the clock of an episode on average, others beside it; `null` where none was timed. */
export function secondsOf(timings: readonly Timing[], jobs: readonly Job[], split: string): number | null {
  const names = new Set(jobs.map(({ name }) => name));
  const clocked = timings.filter(({ job, phase }) => names.has(job) && phase === split);
  const timed = clocked.reduce((sum, { episodes }) => sum + episodes, 0);
  return timed === 0 ? null : clocked.reduce((sum, { seconds }) => sum + seconds, 0) / timed;
}

export const taskCount = (episodes: readonly Episode[]): number => new Set(episodes.map(({ task }) => task)).size;
export const seedCount = (episodes: readonly Episode[]): number => new Set(episodes.map(({ seed }) => seed)).size;
