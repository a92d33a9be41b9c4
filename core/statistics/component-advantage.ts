import type { RewardComponent } from '../reward-types.ts';
import { groupAdvantages, type GroupAdvantages } from './advantage.ts';

/** What a member's reward is the sum of, by criterion; `null`: the member is left out, as is one of whom nothing is scored. */
export type Components = readonly RewardComponent[] | null;

/** Added to standard deviations, as TRL's GRPO does. */
const epsilon = 1e-4;

/** A sum of parts that cancel is nil: what rounding leaves of them would become an advantage. */
const rounding = 1e-9;

/**
 * Group-relative advantages of rewards that are sums (GDPO, Liu et al. 2026, arXiv:2601.05242; TRL's `normalize_then_sum`): each
 * component's scores in a group, less their mean over their sample deviation + 1e-4, times the component's weight, are summed, and the
 * sums are divided by their sample deviation over the whole batch + 1e-4. So a group of equal totals of different make-up is no longer
 * one reward. An unscored component adds nothing, a component without differences neither; a group without any gets zeros, and
 * with it the deviation 0. Throws `RangeError` on a score that is no finite number.
 */
export function componentAdvantages(groups: readonly (readonly Components[])[]): readonly GroupAdvantages[] {
  const sums = groups.map(sumsOf);
  const all = sums.flatMap((group) => group.filter((sum) => sum !== null));
  // Each group's sums add up to nil, and so do those of the batch: their mean need not be taken off.
  const divisor = groupAdvantages(all).deviation + epsilon;
  return sums.map((group) => {
    const { scored, mean, deviation } = groupAdvantages(group);
    return { scored, mean, deviation, advantages: group.map((sum) => (sum ?? 0) / divisor) };
  });
}

/** Sums of a group's components, each normalised in the group. */
function sumsOf(members: readonly Components[]): (number | null)[] {
  const isScored = (member: Components) => member?.some(({ score }) => score !== null) === true;
  const totals = members.map((member) => (isScored(member) ? { sum: 0, size: 0 } : null));
  const weights = new Map(members.flatMap((member) => member ?? []).map((one) => [one.criterion, one.weight]));
  for (const [criterion, weight] of weights) {
    const scores = members.map((member) => member?.find((one) => one.criterion === criterion)?.score ?? null);
    groupAdvantages(scores).advantages.forEach((advantage, index) => {
      const total = totals[index];
      if (!total) return;
      total.sum += weight * advantage;
      total.size += Math.abs(weight * advantage);
    });
  }
  return totals.map((total) => total && (Math.abs(total.sum) <= rounding * total.size ? 0 : total.sum));
}
