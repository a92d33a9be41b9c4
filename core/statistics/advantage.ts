/** A group's advantages in the order of its rewards; `null` rewards are excluded and get advantage 0. */
export interface GroupAdvantages {
  readonly advantages: readonly number[];
  /** Rewards that counted. */
  readonly scored: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for fewer than two scored members. */
  readonly deviation: number;
}

/** What divides a group's centred rewards: their deviation, that with the judge's noise, or nothing. */
export type Scale = 'group' | 'noise-aware' | 'none';

/** Added to the standard deviation, as TRL's GRPO does. */
const epsilon = 1e-4;

/**
 * Group-relative advantages (GRPO, Shao et al. 2024, eq. 4; with `scale: 'none'` Dr. GRPO, Liu et al. 2025): the reward
 * minus the group's mean, over its sample standard deviation s + 1e-4. With `scale: 'noise-aware'` over √(s² + v) + 1e-4,
 * v the variance that the judge's errors give a reward of the group: what is near a tie by a judge that errs so much stays
 * near one, where s alone would make it a clear win. A group whose rewards are all equal, or with fewer than two scored
 * members, gets zeros. Throws `RangeError` on a reward that is no finite number, or a variance that is none from 0.
 */
export function groupAdvantages(
  rewards: readonly (number | null)[],
  scale: Scale = 'group',
  judgeVariance = 0,
): GroupAdvantages {
  if (!(judgeVariance >= 0 && judgeVariance < Infinity))
    throw new RangeError(`A judge's variance is ${judgeVariance}; give a finite number from 0.`);
  const valid = scoredRewards(rewards);
  const mean = average(valid);
  const deviation = sampleDeviation(valid, mean);
  const spread = scale === 'noise-aware' ? Math.sqrt(deviation ** 2 + judgeVariance) : deviation;
  const divisor = scale === 'none' ? 1 : spread + epsilon;
  const teachesNothing = isFlat(valid);
  const advantages = rewards.map((reward) => (reward === null || teachesNothing ? 0 : (reward - mean) / divisor));
  return { advantages, scored: valid.length, mean, deviation: teachesNothing ? 0 : deviation };
}

/** Equal rewards can leave a rounding residue around their mean, which a division would turn into an advantage. */
const isFlat = (rewards: readonly number[]): boolean =>
  rewards.length < 2 || rewards.every((reward) => reward === rewards[0]);

/**
 * Leave-one-out advantages (RLOO, Kool et al. 2019; Ahmadian et al. 2024): the reward minus the mean of the others.
 * Groups with fewer than two scored members, or with equal rewards, get zeros. Throws `RangeError` on a reward that is no finite number.
 */
export function leaveOneOutAdvantages(rewards: readonly (number | null)[]): readonly number[] {
  const valid = scoredRewards(rewards);
  const sum = valid.reduce((total, reward) => total + reward, 0);
  if (isFlat(valid)) return rewards.map(() => 0);
  return rewards.map((reward) => (reward === null ? 0 : reward - (sum - reward) / (valid.length - 1)));
}

/**
 * Group-relative advantages over the standard deviation of the whole batch (n − 1) + 1e-4 (TRL's `scale_rewards: batch`;
 * Hu et al. 2025, REINFORCE++): near ties in one group weigh no more than their rewards differ.
 */
export function batchAdvantages(groups: readonly (readonly (number | null)[])[]): readonly GroupAdvantages[] {
  const all = groups.flatMap(scoredRewards);
  const divisor = sampleDeviation(all, average(all)) + epsilon;
  return groups.map((rewards) => {
    const result = groupAdvantages(rewards, 'none');
    return { ...result, advantages: result.advantages.map((advantage) => advantage / divisor) };
  });
}

/** Mean variance that the judge's errors give the rewards of a group; 0 by code, which makes none. */
export function judgeVarianceOf(
  episodes: readonly { readonly reward: number | null; readonly judgeVariance?: number }[],
): number {
  return average(episodes.flatMap(({ reward, judgeVariance = 0 }) => (reward === null ? [] : [judgeVariance])));
}

/** The rewards that count. Throws `RangeError` on one that is no finite number. */
export function scoredRewards(rewards: readonly (number | null)[]): number[] {
  const valid = rewards.filter((reward) => reward !== null);
  const broken = valid.find((reward) => !Number.isFinite(reward));
  if (broken !== undefined)
    throw new RangeError(`A reward is ${broken}; give a finite number, or null for an episode to leave out.`);
  return valid;
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sampleDeviation(values: readonly number[], mean: number): number {
  if (values.length < 2) return 0;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
