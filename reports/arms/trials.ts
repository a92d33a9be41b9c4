import type { Run } from '../../core/record/read-run.ts';
import type { Job } from '../../core/run-types.ts';
import { nameIn } from '../../core/settings.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import { armsOf, type Arm } from './arms.ts';
import { estimate, verified } from './readings.ts';

/** What `experiment --tune` chooses for a learner. */
export interface TunedSettings {
  readonly learningRate: number;
  readonly entropyBonus: string;
}

/** Trainings with one choice of settings, on several seeds. */
export interface Trial extends Arm {
  readonly learner: string;
  readonly settings: TunedSettings;
  /** On the validation tasks of the trial, as the policy acts greedily; `null` where every episode is void. */
  readonly success: Estimate | null;
  readonly isChosen: boolean;
}

/** How settings are chosen, in words; `trialsOf` does it. */
export const ruleOfChoice =
  'Of each learner the trial with the highest mean verifier success over its tasks and seeds; of equal ones the first in the order of the grid.';

/** A learner's name with these settings, whatever else stands there. */
export function withSettings(algorithm: string, settings: Readonly<Record<string, string | number>>): string {
  const written = new URLSearchParams(algorithm.slice(nameIn(algorithm).length + 1));
  for (const [key, value] of Object.entries(settings)) written.set(key, String(value));
  return `${nameIn(algorithm)}?${written.toString()}`;
}

/** A learner's name without these settings, whatever else stands there. */
export function withoutSettings(algorithm: string, keys: readonly string[]): string {
  const written = new URLSearchParams(algorithm.slice(nameIn(algorithm).length + 1));
  for (const key of keys) written.delete(key);
  return written.size > 0 ? `${nameIn(algorithm)}?${written.toString()}` : nameIn(algorithm);
}

/** What learns from what: all of a training but where it starts, its settings, its budget and its seed. */
export function learnerOf({ view, training }: Job): string {
  if (training === null) return '';
  const { algorithm, reward, judge, groupSize, curriculum, families = [] } = training;
  const by = judge ? Object.values(judge).map(String) : [];
  return [
    untuned(algorithm),
    reward,
    ...by,
    view,
    `groups of ${groupSize}`,
    ...(curriculum ? [curriculum] : []),
    ...families,
  ].join(', ');
}

const tunedKeys = ['learningRate', 'entropyBonus'] as const;

/** A learner's name without the settings that `experiment --tune` chooses. */
export const untuned = (algorithm: string): string => withoutSettings(algorithm, tunedKeys);

function settingsOf({ training }: Job): TunedSettings {
  const algorithm = training?.algorithm ?? '';
  const written = new URLSearchParams(algorithm.slice(nameIn(algorithm).length + 1));
  const [rate, entropyBonus] = tunedKeys.map((key) => written.get(key));
  return { learningRate: Number(rate), entropyBonus: entropyBonus ?? '' };
}

/** The trials of tuning runs in the order of the grid, learner by learner, with the one that is chosen of each. */
export function trialsOf(runs: readonly Run[]): Trial[] {
  const played = armsOf(runs, 'trials').flatMap((arm) => {
    const [job] = arm.jobs;
    if (!job) return [];
    return [{ ...arm, learner: learnerOf(job), settings: settingsOf(job), success: estimate(arm.episodes, verified) }];
  });
  const best = new Map<string, (typeof played)[number]>();
  for (const trial of played) {
    const leader = best.get(trial.learner);
    if (!leader || (trial.success?.value ?? -1) > (leader.success?.value ?? -1)) best.set(trial.learner, trial);
  }
  return played.map((trial) => ({ ...trial, isChosen: best.get(trial.learner) === trial }));
}
