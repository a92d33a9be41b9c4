import { isFinalPhase } from '../../core/phase.ts';
import type { Observation } from '../../core/statistics/bootstrap.ts';
import estimateMean, { type Estimate, type EstimateOptions } from '../../core/statistics/estimate.ts';
import estimateInterquartileMean from '../../core/statistics/iqm.ts';
import type { Job, TableName } from '../../core/run-types.ts';
import type { Episode } from '../../core/record/episode.ts';
import type { Run } from '../../core/record/read-run.ts';

/** One row's material: the jobs of equal label, pooled over seeds. */
export interface Arm {
  readonly label: string;
  readonly jobs: readonly Job[];
  /** Evaluated splits only: no training episodes, no points of the learning curve. */
  readonly episodes: readonly Episode[];
}

/** `test`, `wording` …; not `train`, not `validation@512`. */
export const isFinal = ({ phase }: Pick<Episode, 'phase'>): boolean => isFinalPhase(phase);

/** Arms of a table in the order of the jobs; equal labels of several runs are pooled. */
export function armsOf(runs: readonly Run[], table: TableName): Arm[] {
  const arms = new Map<string, { jobs: Job[]; episodes: Episode[] }>();
  for (const run of runs) {
    const labels = new Map<string, string>();
    for (const job of run.manifest.jobs) {
      const label = job.rows[table];
      if (label === undefined) continue;
      labels.set(job.name, label);
      const arm = arms.get(label) ?? { jobs: [], episodes: [] };
      arm.jobs.push(job);
      arms.set(label, arm);
    }
    for (const episode of run.episodes) {
      const label = labels.get(episode.job);
      if (label !== undefined && isFinal(episode)) arms.get(label)?.episodes.push(episode);
    }
  }
  return [...arms].map(([label, arm]) => ({ label, ...arm }));
}

/** An arm cut by evaluated split, in the order of the jobs' plans. */
export function bySplit(arm: Arm): { readonly split: string; readonly episodes: readonly Episode[] }[] {
  const splits = new Set<string>(arm.jobs.flatMap((job) => job.evaluations.map((one) => one.split)));
  return [...splits]
    .map((split) => ({ split, episodes: arm.episodes.filter((episode) => episode.phase === split) }))
    .filter(({ episodes }) => episodes.length > 0);
}

/** What is read of an episode; `null` leaves it out. */
export type Reading = (episode: Episode) => number | null;

export const verified: Reading = ({ success }) => success && Number(success.verified);
export const properFinish: Reading = ({ success }) => success && Number(success.properFinish);
export const finishOfSuccess: Reading = ({ success }) => (success?.verified ? Number(success.properFinish) : null);

export function observe(episodes: readonly Episode[], read: Reading): Observation[] {
  return episodes.flatMap((episode) => {
    const value = read(episode);
    return value === null ? [] : [{ task: episode.task, seed: episode.seed, value }];
  });
}

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

export const taskCount = (episodes: readonly Episode[]): number => new Set(episodes.map(({ task }) => task)).size;
export const seedCount = (episodes: readonly Episode[]): number => new Set(episodes.map(({ seed }) => seed)).size;
