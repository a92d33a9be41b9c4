import { voids } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import { perSeed, seedCount, taskCount, verified } from '../arms/readings.ts';
import { ruleOfChoice, trialsOf } from '../arms/trials.ts';
import { formatNumber, type Column, type Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'learner', title: 'Learner', kind: 'text' },
  { key: 'learning_rate', title: 'Learning rate', kind: 'text' },
  { key: 'entropy_bonus', title: 'Entropy bonus', kind: 'text' },
  { key: 'training_episodes', title: 'Training episodes', kind: 'count' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'success_by_seed', title: 'Success by seed', kind: 'text' },
  { key: 'chosen', title: 'Chosen', kind: 'text' },
];

/** Made by `toolstone experiment --tune`. */
export const isTuning = ({ manifest: { jobs } }: Run): boolean => jobs.some(({ rows }) => rows.trials !== undefined);

/** One row per learner and choice of settings. Only of runs that tune. */
export default function trialsTable(runs: readonly Run[]): Table {
  return {
    name: 'trials',
    title: 'Trials of settings',
    about:
      'What each learner reached with each choice of settings: as many trainings of the same budget for every learner, from the same ' +
      'warm start, measured greedily on validation tasks and seeds that stand in no other table. ' +
      `${ruleOfChoice} Intervals: 95 %; they are of these trainings, and the best of several is flattered by having been chosen.`,
    columns,
    rows: trialsOf(runs).map(({ learner, settings, jobs, episodes, success, isChosen }) => ({
      learner,
      learning_rate: String(settings.learningRate),
      entropy_bonus: settings.entropyBonus,
      training_episodes: Math.max(...jobs.map(({ training }) => training?.episodes ?? 0)),
      tasks: taskCount(episodes),
      seeds: seedCount(episodes),
      void_episodes: voids(episodes),
      verifier_success: success,
      success_by_seed: perSeed(episodes, verified)
        .map(({ value }) => formatNumber(value, 'share'))
        .join(', '),
      chosen: isChosen ? 'yes' : '',
    })),
  };
}
