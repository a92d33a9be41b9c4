import { armsOf, bySplit } from '../arms/arms.ts';
import { estimate, interquartile, perSeed, properFinish, seedCount, taskCount, verified } from '../arms/readings.ts';
import { endings, voids } from '../../core/record/episode-figures.ts';
import { fewestSeeds } from '../../core/statistics/seeds.ts';
import type { Run } from '../../core/record/read-run.ts';
import { withEndings } from './endings.ts';
import { formatNumber, type Column, type Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'algorithm', title: 'Algorithm', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'training_episodes', title: 'Training episodes', kind: 'count' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'iqm', title: 'Interquartile mean', kind: 'share' },
  { key: 'proper_finish', title: 'Proper finish', kind: 'share' },
  { key: 'reward_rubric', title: 'Rubric', kind: 'share' },
  { key: 'turns', title: 'Turns', kind: 'amount' },
  { key: 'peak_tokens', title: 'Peak context', kind: 'amount' },
  { key: 'success_by_seed', title: 'Success by seed', kind: 'text' },
  { key: 'endings', title: 'Endings', kind: 'text' },
];

const aboutLearners =
  'Learners beside policies that do not learn: doing nothing and random valid calls are the floor, the oracle (which knows the ' +
  'reference plan) is the ceiling. ';
const aboutUntrained = '“Untrained” is the policy as a training begins with it. ';

/** One row per algorithm (or fixed policy) and evaluated split. */
export default function algorithmsTable(runs: readonly Run[]): Table {
  const parts = armsOf(runs, 'algorithms').flatMap(({ label, jobs, ...arm }) =>
    bySplit({ label, jobs, ...arm }).map((part) => ({ label, jobs, ...part })),
  );
  const rows = parts.map(({ label, jobs, split, episodes }) => ({
    algorithm: label,
    split,
    training_episodes: Math.max(...jobs.map((job) => job.training?.episodes ?? 0)),
    tasks: taskCount(episodes),
    seeds: seedCount(episodes),
    void_episodes: voids(episodes),
    verifier_success: estimate(episodes, verified),
    iqm: interquartile(episodes, verified),
    proper_finish: estimate(episodes, properFinish),
    reward_rubric: estimate(episodes, (episode) => episode.success && episode.rewards.rubric),
    turns: estimate(episodes, (episode) => episode.success && episode.turns, { isShare: false }),
    peak_tokens: estimate(episodes, (episode) => episode.success && episode.peakTokens, { isShare: false }),
    success_by_seed: perSeed(episodes, verified)
      .map(({ value }) => formatNumber(value, 'share'))
      .join(', '),
    endings: endings(episodes),
  }));
  const isLearnt = parts.some(({ jobs }) => jobs.some(({ training }) => training !== null));
  const table: Table = {
    name: 'algorithms',
    title: isLearnt ? 'Algorithms and baselines' : 'Policies',
    about:
      `${isLearnt ? aboutLearners : ''}${rows.some(({ algorithm }) => algorithm === 'untrained') ? aboutUntrained : ''}Interquartile mean (IQM): of verifier success over seeds and families, no interval with ` +
      `fewer than ${fewestSeeds} seeds, because it would be unreliable; read the seeds. Intervals: 95 %.`,
    columns: isLearnt
      ? columns
      : columns.map((column) => (column.key === 'algorithm' ? { ...column, title: 'Policy' } : column)),
    rows,
  };
  return withEndings(
    table,
    parts.map(({ episodes }) => episodes),
  );
}
