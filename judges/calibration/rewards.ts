import type { FlipFigures, GroupFigures } from '../../core/calibration-types.ts';
import type { Verdict } from '../../core/reward-types.ts';
import {
  flippedShare,
  flipsOf,
  inventedShare,
  lostShare,
  withinGroupCorrelation,
  type RewardGroup,
} from '../../core/statistics/agreement/groups.ts';
import { clusteredEstimates } from '../../core/statistics/clustered.ts';
import type { Item } from './match.ts';

/** The reward that verdicts on one trajectory of a task make; `null`: none. */
export type RewardOf = (task: string, verdicts: readonly Verdict[]) => number | null;

/** Mean score of the criteria. */
export const meanScore: RewardOf = (_, verdicts) => {
  const scores = verdicts.flatMap((one) => (one.state === 'scored' ? [one.score] : []));
  return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
};

/** How well rewards by the judge keep the order of rewards by the labels, over labelled criteria with a usable answer. */
export function groupFigures(
  items: readonly Item[],
  rewardOf: RewardOf,
  sizes: readonly number[],
  resamples: number,
): GroupFigures {
  const groups = rewardGroups(items, rewardOf).filter(({ members }) => members.length > 1);
  const order = clusteredEstimates(
    groups,
    {
      spearman: { of: (sample) => withinGroupCorrelation(sample, 'spearman') },
      kendall: { of: (sample) => withinGroupCorrelation(sample, 'kendall') },
    },
    { resamples },
  );
  const varied = groups.filter(({ members }) => new Set(members.map(({ truth }) => truth)).size > 1).length;
  return { groups: groups.length, varied, ...order, flips: sizes.map((size) => flipFigures(groups, size, resamples)) };
}

function flipFigures(groups: readonly RewardGroup[], size: number, resamples: number): FlipFigures {
  const flips = groups.map((group) => flipsOf(group, size)).filter((one) => one !== null);
  const shares = clusteredEstimates(
    flips,
    {
      flipped: { of: flippedShare, among: ({ signed }) => signed > 0 },
      lost: { of: lostShare, among: ({ signed }) => signed > 0 },
      invented: { of: inventedShare, among: ({ level }) => level > 0 },
    },
    { resamples },
  );
  return { size, groups: flips.length, ...shares };
}

function rewardGroups(items: readonly Item[], rewardOf: RewardOf): RewardGroup[] {
  return [...Map.groupBy(items, ({ group }) => group).values()].map((ofGroup) => {
    const members = [...Map.groupBy(ofGroup, ({ trajectory }) => trajectory).values()].flatMap((ofTrajectory) => {
      const task = ofTrajectory[0]?.task ?? '';
      const reward = (read: (item: Item) => number) =>
        rewardOf(
          task,
          ofTrajectory.map((item) => ({ criterion: item.criterion, state: 'scored', score: read(item) })),
        );
      const [truth, judged] = [reward((item) => item.truthScore), reward((item) => item.score)];
      return truth === null || judged === null ? [] : [{ truth, judged }];
    });
    return { task: ofGroup[0]?.task ?? '', members };
  });
}
