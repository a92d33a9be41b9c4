import { groupAdvantages, type GroupAdvantages } from '../../core/statistics/advantage.ts';
import type { LearningGroup } from '../../core/run-types.ts';

/**
 * How far rewards differ within groups, by TRL's names: the share of groups from which nothing can be told, because their rewards
 * are all equal or whatever else the advantages are of (`learnt`), and the mean standard deviation of rewards (n − 1). Groups
 * without a scored episode do not count. Throws `RangeError` on a reward that is no finite number.
 */
export function groupMetrics(groups: readonly LearningGroup[], learnt?: readonly GroupAdvantages[]) {
  const results = groups.map(({ episodes }) => groupAdvantages(episodes.map(({ reward }) => reward)));
  return {
    frac_reward_zero_std: mean(learnt ?? results, ({ deviation }) => Number(deviation === 0)),
    reward_std: mean(results, ({ deviation }) => deviation),
  };
}

/** Over groups that have a scored episode; 0 where none has. */
function mean(of: readonly GroupAdvantages[], read: (one: GroupAdvantages) => number): number {
  const counted = of.filter(({ scored }) => scored > 0);
  return counted.reduce((sum, one) => sum + read(one), 0) / Math.max(1, counted.length);
}

/** Share of the scored episodes whose turns have credits of their own; in the others the whole reward is the last turn's. */
export function creditMetrics(groups: readonly LearningGroup[]) {
  const scored = groups.flatMap(({ episodes }) => episodes).filter(({ reward }) => reward !== null);
  return { credited: scored.filter(({ credits }) => credits !== undefined).length / Math.max(1, scored.length) };
}
