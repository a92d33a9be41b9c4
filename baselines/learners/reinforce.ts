import { scoredRewards } from '../../core/statistics/advantage.ts';
import { groupMetrics } from '../learning/group-metrics.ts';
import type { Learner } from '../../core/run-types.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
  type WeightedSession,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';

export interface ReinforceOptions extends PolicyUpdateOptions {
  /** Share of the old baseline kept at each update. */
  readonly memory: number;
}

const defaults: ReinforceOptions = { ...policyUpdateDefaults, learningRate: 0.01, passes: 1, memory: 0.9 };

export default {
  defaults,
  choices: policyUpdateChoices,
  make: reinforce,
} satisfies LearnerDefinition<ReinforceOptions>;

/**
 * REINFORCE with a moving baseline (Williams 1992, Machine Learning 8:229, §2 and §5).
 *
 * Differs from the paper: Adam in place of plain ascent; one step per batch of episodes; rewards are also divided by
 * their moving standard deviation, so that learning rate and entropy bonus mean the same under every reward; an entropy
 * bonus per kind of choice is held to a falling target. It ignores which episodes share a task.
 */
export function reinforce(trainable: Trainable, options: Partial<ReinforceOptions> = {}): Learner {
  const { memory, ...updateOptions } = { ...defaults, ...options };
  const update = makePolicyUpdate(trainable, updateOptions);
  // Sums with decaying weights: the first batch counts whole, and no start value biases the baseline.
  let moments = { weight: 0, sum: 0, squares: 0 };
  return {
    name: 'reinforce',
    policy: trainable.policy,
    version: update.version,
    update: (groups, progress) => {
      const episodes = groups.flatMap((group) => group.episodes);
      const rewards = scoredRewards(episodes.map(({ reward }) => reward));
      moments = {
        weight: moments.weight * memory + rewards.length,
        sum: moments.sum * memory + rewards.reduce((sum, reward) => sum + reward, 0),
        squares: moments.squares * memory + rewards.reduce((sum, reward) => sum + reward ** 2, 0),
      };
      const weight = Math.max(1, moments.weight);
      const baseline = moments.sum / weight;
      // Equal rewards leave rounding below this, never a spread that teaches.
      const deviation = Math.sqrt(Math.max(0, moments.squares / weight - baseline ** 2));
      const isFlat = deviation < 1e-6;
      const sessions: WeightedSession[] = episodes.flatMap(({ session, reward }) =>
        reward === null ? [] : [{ session, advantage: isFlat ? 0 : (reward - baseline) / deviation }],
      );
      return {
        ...update.apply(sessions, progress),
        baseline,
        ...groupMetrics(groups),
      };
    },
    save: () => update.save({ moments: [moments.weight, moments.sum, moments.squares] }),
    restore: (state) => {
      const [weight = 0, sum = 0, squares = 0] = update.restore(state)['moments'] as readonly number[];
      moments = { weight, sum, squares };
    },
  };
}
