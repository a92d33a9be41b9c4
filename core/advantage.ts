/** A group's advantages in the order of its rewards; `null` rewards are excluded and get advantage 0. */
export interface GroupAdvantages {
  readonly advantages: readonly number[];
  /** Rewards that counted. */
  readonly scored: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1); 0 for fewer than two scored members. */
  readonly deviation: number;
}

export type Scale = 'group' | 'none';

/** Added to the standard deviation, as TRL's GRPO does. */
const epsilon = 1e-4;

/**
 * Group-relative advantages (GRPO, Shao et al. 2024, eq. 4; with `scale: 'none'` Dr. GRPO, Liu et al. 2025): the reward
 * minus the group's mean, over its sample standard deviation + 1e-4. A group whose rewards are all equal, or with fewer
 * than two scored members, gets zeros. Throws `RangeError` on a reward that is no finite number.
 */
export function groupAdvantages(rewards: readonly (number | null)[], scale: Scale = 'group'): GroupAdvantages {
  const valid = scoredRewards(rewards);
  const mean = average(valid);
  const deviation = sampleDeviation(valid, mean);
  const divisor = scale === 'group' ? deviation + epsilon : 1;
  // Equal rewards can leave a rounding residue around their mean, which the division would turn into an advantage.
  const isFlat = valid.length < 2 || valid.every((reward) => reward === valid[0]);
  const advantages = rewards.map((reward) => (reward === null || isFlat ? 0 : (reward - mean) / divisor));
  return { advantages, scored: valid.length, mean, deviation: isFlat ? 0 : deviation };
}

/**
 * Leave-one-out advantages (RLOO, Kool et al. 2019; Ahmadian et al. 2024): the reward minus the mean of the others.
 * Groups with fewer than two scored members get zeros. Throws `RangeError` on a reward that is no finite number.
 */
export function leaveOneOutAdvantages(rewards: readonly (number | null)[]): readonly number[] {
  const valid = scoredRewards(rewards);
  const sum = valid.reduce((total, reward) => total + reward, 0);
  if (valid.length < 2) return rewards.map(() => 0);
  return rewards.map((reward) => (reward === null ? 0 : reward - (sum - reward) / (valid.length - 1)));
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
