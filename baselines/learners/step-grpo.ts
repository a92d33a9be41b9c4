import { groupAdvantages, scoredRewards } from '../../core/statistics/advantage.ts';
import { returnsToGo } from '../../core/run/credit.ts';
import { creditMetrics, groupMetrics } from '../learning/group-metrics.ts';
import type { Learner, LearningGroup } from '../../core/run-types.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
  type WeightedSession,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';

const defaults: PolicyUpdateOptions = policyUpdateDefaults;

export default {
  defaults,
  choices: policyUpdateChoices,
  make: stepGrpo,
} satisfies LearnerDefinition<PolicyUpdateOptions>;

/** Added to the standard deviation, as TRL's GRPO does. */
const epsilon = 1e-4;

/**
 * GRPO with per-step credit (process supervision; Shao et al. 2024, arXiv:2402.03300, §4.1.3). Turns earn the rubric's
 * criteria that they newly meet, as potential-based shaping Φ; a turn's advantage is what it and the turns after it earned,
 * R − bΦ, less the group's mean, over the standard deviation of the group's rewards. So no turn is credited with what was
 * done before it. The potential's weight b is the one with which Φ foretells most of the rewards (least squares over the
 * batch's turns): where progress foretells nothing it is 0, and this is GRPO.
 *
 * Differs from the paper: criteria met so far stand in for a trained process reward model, and their weight is fitted;
 * otherwise as `grpo`.
 */
export function stepGrpo(trainable: Trainable, options: Partial<PolicyUpdateOptions> = {}): Learner {
  const update = makePolicyUpdate(trainable, { ...defaults, ...options });
  return {
    name: 'step-grpo',
    policy: trainable.policy,
    version: update.version,
    shaping: { gamma: 1, weight: 1 },
    update: (groups, progress) => {
      const metrics = groupMetrics(groups);
      const read = groups.map(readGroup);
      const slope = slopeOf(read.flatMap(({ members }) => members));
      const sessions = read.flatMap((group) => sessionsOf(group, slope));
      return {
        ...update.apply(sessions, progress),
        ...metrics,
        ...creditMetrics(groups),
        potential_weight: slope,
      };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}

/** An episode's reward and its potentials by turn, less their means in the group; no potentials where it has no credits. */
interface Member extends Pick<WeightedSession, 'session'> {
  readonly reward: number;
  readonly potentials: readonly number[];
}

interface Group {
  readonly members: readonly Member[];
  readonly deviation: number;
}

function readGroup({ episodes }: LearningGroup): Group {
  const { mean: average, deviation } = groupAdvantages(episodes.map(({ reward }) => reward));
  const members = episodes.flatMap(({ session, reward, credits = [] }) => {
    if (reward === null) return [];
    scoredRewards(credits);
    // Returns to go are the reward less the potential.
    return [{ session, reward: reward - average, potentials: returnsToGo(credits, 1).map((left) => reward - left) }];
  });
  // Each episode counts once, however many turns it took.
  const centre = mean(members.flatMap(({ potentials }) => (potentials.length > 0 ? [mean(potentials)] : [])));
  const centred = members.map((one) => ({ ...one, potentials: one.potentials.map((potential) => potential - centre) }));
  return { members: centred, deviation };
}

/** Least squares of rewards on potentials, both less their groups' means. */
function slopeOf(members: readonly Member[]): number {
  let [products, squares] = [0, 0];
  for (const { reward, potentials } of members)
    for (const potential of potentials) {
      products += reward * potential;
      squares += potential ** 2;
    }
  return squares > 1e-12 ? products / squares : 0;
}

function sessionsOf({ members, deviation }: Group, slope: number): WeightedSession[] {
  const divisor = deviation === 0 ? Infinity : deviation + epsilon;
  return members.map(({ session, reward, potentials }) => {
    const byTurn = potentials.map((potential) => (reward - slope * potential) / divisor);
    return { session, advantage: potentials.length > 0 ? byTurn : reward / divisor, hasBonus: deviation > 0 };
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
