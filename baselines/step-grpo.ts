import { groupAdvantages, scoredRewards } from '../core/advantage.ts';
import { returnsToGo } from '../core/credit.ts';
import { creditMetrics, groupMetrics } from '../core/group-metrics.ts';
import type { Learner, LearningGroup } from '../core/run-types.ts';
import {
  makePolicyUpdate,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
  type WeightedSession,
} from '../core/tensor/policy-update.ts';
import type { Trainable } from '../core/tensor/trainable.ts';

export interface StepGrpoOptions extends PolicyUpdateOptions {
  /** Discount of a turn. */
  readonly gamma: number;
  /** Weight of the criteria met so far as a potential; 0: none. */
  readonly shaping: number;
}

export const defaults: StepGrpoOptions = { ...policyUpdateDefaults, gamma: 1, shaping: 1 };

/** Added to the standard deviation, as TRL's GRPO does. */
const epsilon = 1e-4;

/**
 * GRPO with per-step credit (process supervision; Shao et al. 2024, arXiv:2402.03300, §4.1.3): a turn's advantage is what it
 * and the turns after it earned, less the group's mean at the same turn, over the standard deviation of the group's rewards.
 * Turns earn the rubric's criteria that they newly meet, as potential-based shaping, so that no turn is credited with what
 * was done before it.
 *
 * Differs from the paper: criteria met so far stand in for a trained process reward model; means are those of turns with the
 * same number, not of all steps; otherwise as `grpo`. Without credits it is GRPO.
 */
export default function stepGrpo(trainable: Trainable, options: Partial<StepGrpoOptions> = {}): Learner {
  const { gamma, shaping, ...given } = { ...defaults, ...options };
  const update = makePolicyUpdate(trainable, given);
  return {
    name: 'step-grpo',
    policy: trainable.policy,
    version: update.version,
    ...(shaping > 0 ? { shaping: { gamma, weight: shaping } } : {}),
    update: (groups, progress) => {
      const metrics = groupMetrics(groups);
      const sessions = groups.flatMap((group) => sessionsOf(group, gamma));
      return { ...update.apply(sessions, progress), ...metrics, ...creditMetrics(groups) };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}

function sessionsOf({ episodes }: LearningGroup, gamma: number): WeightedSession[] {
  const { advantages, deviation } = groupAdvantages(episodes.map(({ reward }) => reward));
  const scored = episodes.flatMap(({ session, reward, credits }, member) => {
    if (reward === null) return [];
    if (credits) scoredRewards(credits);
    return [{ session, advantage: advantages[member] ?? 0, returns: credits && returnsToGo(credits, gamma) }];
  });
  const all = scored.flatMap(({ returns }) => returns ?? []);
  return scored.map(({ session, advantage, returns }) => {
    if (!returns || deviation === 0) return { session, advantage };
    const byTurn = returns.map((earned, turn) => {
      const there = scored.flatMap((one) => one.returns?.slice(turn, turn + 1) ?? []);
      return (earned - mean(there.length > 1 ? there : all)) / (deviation + epsilon);
    });
    return { session, advantage: byTurn };
  });
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
