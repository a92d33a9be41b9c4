import { randomStream, seedOf } from '../../seeds.ts';
import type { OfTask } from '../clustered.ts';
import { kendallsTau, spearmansRho } from './rank-correlation.ts';

/** The episodes that a group-relative learner compares with each other, each with its true and its judged reward. */
export interface RewardGroup extends OfTask {
  readonly members: readonly { readonly truth: number; readonly judged: number }[];
}

const truths = (group: RewardGroup): number[] => group.members.map(({ truth }) => truth);
const judgements = (group: RewardGroup): number[] => group.members.map(({ judged }) => judged);

/**
 * Mean over groups of the correlation of judged with true rewards. Groups whose true rewards are all equal have no order
 * to find and are left out; a judge that gives all the same finds none: 0. `null` where no group is left.
 */
export function withinGroupCorrelation(groups: readonly RewardGroup[], kind: 'spearman' | 'kendall'): number | null {
  const correlate = kind === 'spearman' ? spearmansRho : kendallsTau;
  const varied = groups.filter((group) => new Set(truths(group)).size > 1);
  if (varied.length === 0) return null;
  return varied.reduce((sum, group) => sum + (correlate(truths(group), judgements(group)) ?? 0), 0) / varied.length;
}

/** Counts over the advantages of one group, in shares where it was drawn from a larger one. */
export interface Flips extends OfTask {
  /** Members whose true advantage is not 0, of which: */
  readonly signed: number;
  /** judged advantage of the other sign; */
  readonly flipped: number;
  /** judged advantage 0: the learner is told nothing. */
  readonly lost: number;
  /** Members of groups whose true rewards are all equal, and those that the judge nevertheless sets apart. */
  readonly level: number;
  readonly invented: number;
}

/** Subgroups drawn of a group that is larger than asked for. */
const DRAWS = 100;

/**
 * What a judge does to the signs of group-relative advantages (reward less its group's mean) at a group size: the mean
 * over subgroups of that size, drawn with a seed. `null` for a group that is smaller.
 */
export function flipsOf(group: RewardGroup, size: number): Flips | null {
  const { members, task } = group;
  if (members.length < size || size < 2) return null;
  const draws = members.length === size ? 1 : DRAWS;
  const { shuffle } = randomStream(seedOf('sign flips', task, size));
  const sums = { signed: 0, flipped: 0, lost: 0, level: 0, invented: 0 };
  for (let draw = 0; draw < draws; draw++) {
    const drawn = draws === 1 ? members : shuffle(members).slice(0, size);
    const judged = signsOf(drawn.map((one) => one.judged));
    signsOf(drawn.map((one) => one.truth)).forEach((sign, index) => {
      const other = judged[index] as number;
      sums.signed += Math.abs(sign);
      sums.flipped += Number(sign * other < 0);
      sums.lost += Number(sign !== 0 && other === 0);
    });
    if (drawn.every(({ truth }) => truth === drawn[0]?.truth)) {
      sums.level += size;
      sums.invented += judged.filter((sign) => sign !== 0).length;
    }
  }
  return {
    task,
    signed: sums.signed / draws,
    flipped: sums.flipped / draws,
    lost: sums.lost / draws,
    level: sums.level / draws,
    invented: sums.invented / draws,
  };
}

/** Signs of the advantages; what lies within rounding of the mean has none. */
function signsOf(rewards: readonly number[]): number[] {
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length;
  const rounding = 1e-9 * Math.max(...rewards.map(Math.abs), 1e-9);
  return rewards.map((reward) => (Math.abs(reward - mean) <= rounding ? 0 : Math.sign(reward - mean)));
}

const shareOf =
  (part: 'flipped' | 'lost' | 'invented', whole: 'signed' | 'level') =>
  (flips: readonly Flips[]): number | null => {
    const total = flips.reduce((sum, one) => sum + one[whole], 0);
    return total === 0 ? null : flips.reduce((sum, one) => sum + one[part], 0) / total;
  };

/** Share of true advantages whose sign the judge turns round. */
export const flippedShare = shareOf('flipped', 'signed');
/** Share of true advantages that the judge levels to 0. */
export const lostShare = shareOf('lost', 'signed');
/** Share of members of groups without true difference to which the judge gives an advantage. */
export const inventedShare = shareOf('invented', 'level');
