import {
  armsOf,
  bySplit,
  estimate,
  finishOfSuccess,
  perSeed,
  properFinish,
  seedCount,
  taskCount,
  verified,
  type Reading,
} from './arms.ts';
import { endings, voids, type Episode } from './episode.ts';
import type { Run } from './read-run.ts';
import { formatNumber, type Cell, type Column, type Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'reward', title: 'Trained on', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'proper_finish', title: 'Proper finish', kind: 'share' },
  { key: 'proper_finish_of_successes', title: 'Finish of successes', kind: 'share' },
  { key: 'reward_sparse', title: 'Sparse', kind: 'share' },
  { key: 'reward_state_share', title: 'State share', kind: 'share' },
  { key: 'reward_rubric', title: 'Rubric', kind: 'share' },
  { key: 'success_by_seed', title: 'Success by seed', kind: 'text' },
  { key: 'worst_seed', title: 'Worst seed', kind: 'share' },
  { key: 'episodes', title: 'Episodes', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'unscored_verdicts', title: 'Unscored verdicts', kind: 'count' },
  { key: 'verdicts', title: 'Verdicts', kind: 'count' },
  { key: 'endings', title: 'Endings', kind: 'text' },
];

/** Only of runs that `toolstone judge` has judged anew: the tables of others stay what they were. */
const gap: Column = { key: 'proxy_truth_gap', title: 'Rubric less truth', kind: 'share' };

const withGap = columns.flatMap((one) => (one.key === 'reward_rubric' ? [one, gap] : [one]));

/** One row per reward trained on and evaluated split. */
export default function rewardsTable(runs: readonly Run[]): Table {
  const isRejudged = runs.some(({ manifest }) => manifest.rejudged);
  const rows = armsOf(runs, 'rewards').flatMap((arm) =>
    bySplit(arm).map(({ split, episodes }) => ({
      reward: arm.label,
      split,
      ...rewardFigures(episodes),
      ...(isRejudged ? { [gap.key]: estimate(episodes, rubricLessTruth, { isShare: false }) } : {}),
    })),
  );
  return {
    name: 'rewards',
    title: 'Rewards',
    about:
      'Policies trained on one reward each, evaluated greedily. Verifier success and proper finish (success that the ' +
      'policy ended itself by `finish`) are the truth; the three reward columns are what each reward gives the same ' +
      'episodes. Intervals: 95 %. Void episodes are in no mean; unscored verdicts are in no reward.' +
      (isRejudged
        ? ' Rubric less truth: mean of the judge’s rubric reward less verifier success, the proxy–truth gap.'
        : ''),
    columns: isRejudged ? withGap : columns,
    rows,
  };
}

const rubricLessTruth: Reading = ({ success, rewards }) =>
  success === null || rewards.rubric === null ? null : rewards.rubric - Number(success.verified);

function rewardFigures(episodes: readonly Episode[]): Record<string, Cell> {
  const seeds = perSeed(episodes, verified);
  return {
    tasks: taskCount(episodes),
    seeds: seedCount(episodes),
    verifier_success: estimate(episodes, verified),
    proper_finish: estimate(episodes, properFinish),
    proper_finish_of_successes: estimate(episodes, finishOfSuccess),
    reward_sparse: estimate(episodes, (one) => one.success && one.rewards.sparse),
    reward_state_share: estimate(episodes, (one) => one.success && one.rewards['state-share']),
    reward_rubric: estimate(episodes, (one) => one.success && one.rewards.rubric),
    success_by_seed: seeds.map(({ value }) => formatNumber(value, 'share')).join(', '),
    worst_seed: seeds.length === 0 ? null : Math.min(...seeds.map(({ value }) => value)),
    episodes: episodes.length,
    void_episodes: voids(episodes),
    unscored_verdicts: episodes.reduce((sum, one) => sum + one.verdicts.unscored, 0),
    verdicts: episodes.reduce((sum, one) => sum + one.verdicts.scored + one.verdicts.unscored, 0),
    endings: endings(episodes),
  };
}
