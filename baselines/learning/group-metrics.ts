import { groupAdvantages } from '../../core/statistics/advantage.ts';
import type { LearningGroup } from '../../core/run-types.ts';

/**
 * How far rewards differ within groups, by TRL's names: the share of groups whose rewards are all equal, from which nothing
 * can be told, and the mean standard deviation (n − 1). Groups without a scored episode do not count. Throws `RangeError` on
 * a reward that is no finite number.
 */
export function groupMetrics(groups: readonly LearningGroup[]) {
  const results = groups
    .map(({ episodes }) => groupAdvantages(episodes.map(({ reward }) => reward)))
    .filter(({ scored }) => scored > 0);
  const count = Math.max(1, results.length);
  return {
    frac_reward_zero_std: results.filter(({ deviation }) => deviation === 0).length / count,
    reward_std: results.reduce((sum, { deviation }) => sum + deviation, 0) / count,
  };
}

/** Share of the scored episodes whose turns have credits of their own; in the others the whole reward is the last turn's. */
export function creditMetrics(groups: readonly LearningGroup[]) {
  const scored = groups.flatMap(({ episodes }) => episodes).filter(({ reward }) => reward !== null);
  return { credited: scored.filter(({ credits }) => credits !== undefined).length / Math.max(1, scored.length) };
}
