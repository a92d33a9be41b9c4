import type { Execution } from '../../core/execution.ts';
import { evaluationPhase, isFinalPhase } from '../../core/phase.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Job, TableName } from '../../core/run-types.ts';
import type { PhrasingOf } from '../../core/task-id.ts';

/** What a row of a table is about: the jobs of equal label, pooled over seeds, and what they played. */
export interface Arm {
  readonly label: string;
  readonly jobs: readonly Job[];
  /** Evaluated splits only: no training episodes, no points of the learning curve. */
  readonly episodes: readonly Episode[];
}

/** A run whose episodes know what they share with others that are worded alike. */
export const withPhrasings = (run: Run, phrasingOf: PhrasingOf = () => null): Run => ({
  ...run,
  episodes: run.episodes.map((episode) => ({ ...episode, phrasing: phrasingOf(episode.task) })),
});

/** Whether it is of trainings, whose policies differ from seed to seed. */
export const isTrained = ({ jobs }: Pick<Arm, 'jobs'>): boolean => jobs.some(({ training }) => training !== null);

/** A policy as tables call it. */
export const calledPolicy = ({ label, policy }: Job): string => label ?? policy;

/** How a job's policy calls tools. */
export const executionOf = ({ execution = 'calls' }: Pick<Job, 'execution'>): Execution => execution;

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
  const splits = new Set<string>(arm.jobs.flatMap(({ evaluations }) => evaluations.map(evaluationPhase)));
  return [...splits]
    .map((split) => ({ split, episodes: arm.episodes.filter((episode) => episode.phase === split) }))
    .filter(({ episodes }) => episodes.length > 0);
}
