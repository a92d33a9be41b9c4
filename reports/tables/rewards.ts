import { earned } from '../../core/run/reward-source.ts';
import { armsOf, bySplit } from '../arms/arms.ts';
import {
  estimate,
  finishOfSuccess,
  interquartile,
  perSeed,
  properFinish,
  seedCount,
  taskCount,
  verified,
  type Reading,
} from '../arms/readings.ts';
import { endings, voids, type Episode } from '../../core/record/episode-figures.ts';
import { fewestSeeds } from '../../core/statistics/seeds.ts';
import type { Run } from '../../core/record/read-run.ts';
import { withVoids } from './endings.ts';
import { formatNumber, type Cell, type Column, type Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'reward', title: 'Trained on', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'iqm', title: 'Interquartile mean', kind: 'share' },
  { key: 'proper_finish', title: 'Proper finish', kind: 'share' },
  { key: 'proper_finish_of_successes', title: 'Finish of successes', kind: 'share' },
  { key: 'reward_sparse', title: 'Sparse', kind: 'share' },
  { key: 'reward_state_share', title: 'State share', kind: 'share' },
  { key: 'reward_rubric', title: 'Rubric', kind: 'share' },
  { key: 'reward_trained_on', title: 'Proxy', kind: 'share' },
  { key: 'proxy_truth_gap', title: 'Proxy–truth gap', kind: 'share' },
  { key: 'success_by_seed', title: 'Success by seed', kind: 'text' },
  { key: 'worst_seed', title: 'Worst seed', kind: 'share' },
  { key: 'episodes', title: 'Episodes', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'unscored_verdicts', title: 'Unscored verdicts', kind: 'count' },
  { key: 'verdicts', title: 'Verdicts', kind: 'count' },
  { key: 'endings', title: 'Endings', kind: 'text' },
];

/**
 * One row per reward trained on and evaluated split. The proxy is the reward that the row's policies were trained on, given
 * to the evaluated episodes as it was to those of training, by the same judge; the proxy–truth gap is its mean less verifier
 * success, over the episodes that have both, with the interval of that difference. In a run that `toolstone judge` has judged
 * anew the proxy of every row is that judge's rubric reward.
 */
export default function rewardsTable(runs: readonly Run[]): Table {
  const isRejudged = runs.some(({ manifest }) => manifest.rejudged);
  const rows = armsOf(runs, 'rewards').flatMap((arm) => {
    const trainings = new Map(arm.jobs.map((job) => [job.name, job.training]));
    const proxy: Reading = (episode) => {
      const training = trainings.get(episode.job);
      if (isRejudged) return episode.success && episode.rewards.rubric;
      return training ? earned(training, episode) : null;
    };
    return bySplit(arm).map(({ split, episodes }) => ({
      reward: arm.label,
      split,
      ...rewardFigures(episodes, proxy),
    }));
  });
  const table: Table = {
    name: 'rewards',
    title: 'Rewards',
    about:
      'Policies trained on one reward each, evaluated greedily. Verifier success and proper finish (success that the ' +
      'policy ended itself by `finish`) are the truth; the interquartile mean (IQM) is that of verifier success over seeds and families, ' +
      `no interval with fewer than ${fewestSeeds} seeds, because it would be unreliable; ` +
      'sparse, state share and rubric, by code, are what each reward gives ' +
      'the same episodes. Proxy: mean of the reward that the row’s policies were trained on, by the judge that rewarded them' +
      `${isRejudged ? '; in this run the rubric reward of the judge that judged it anew' : ''}. ` +
      'Proxy–truth gap: the mean of proxy minus verifier success over the same episodes; above 0 the reward flatters. ' +
      'Intervals: 95 %. Void episodes are in no mean; unscored verdicts are in no reward.',
    columns,
    rows,
  };
  return withVoids(
    table,
    armsOf(runs, 'rewards').flatMap((arm) => bySplit(arm).map(({ episodes }) => episodes)),
  );
}

function rewardFigures(episodes: readonly Episode[], proxy: Reading): Record<string, Cell> {
  const gap: Reading = (episode) => {
    const [reward, truth] = [proxy(episode), verified(episode)];
    return reward === null || truth === null ? null : reward - truth;
  };
  const seeds = perSeed(episodes, verified);
  return {
    tasks: taskCount(episodes),
    seeds: seedCount(episodes),
    verifier_success: estimate(episodes, verified),
    iqm: interquartile(episodes, verified),
    proper_finish: estimate(episodes, properFinish),
    proper_finish_of_successes: estimate(episodes, finishOfSuccess),
    reward_sparse: estimate(episodes, (episode) => episode.success && episode.rewards.sparse),
    reward_state_share: estimate(episodes, (episode) => episode.success && episode.rewards['state-share']),
    reward_rubric: estimate(episodes, (episode) => episode.success && episode.rewards.rubric),
    reward_trained_on: estimate(episodes, proxy),
    proxy_truth_gap: estimate(episodes, gap, { isShare: false }),
    success_by_seed: seeds.map(({ value }) => formatNumber(value, 'share')).join(', '),
    worst_seed: seeds.length === 0 ? null : Math.min(...seeds.map(({ value }) => value)),
    episodes: episodes.length,
    void_episodes: voids(episodes),
    unscored_verdicts: episodes.reduce((sum, { verdicts }) => sum + verdicts.unscored, 0),
    verdicts: episodes.reduce((sum, { verdicts }) => sum + verdicts.scored + verdicts.unscored, 0),
    endings: endings(episodes),
  };
}
