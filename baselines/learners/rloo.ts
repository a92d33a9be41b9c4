import { leaveOneOutAdvantages } from '../../core/statistics/advantage.ts';
import { groupMetrics } from '../learning/group-metrics.ts';
import type { Learner } from '../../core/run-types.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';

const defaults: PolicyUpdateOptions = { ...policyUpdateDefaults, learningRate: 0.01, passes: 1 };

export default { defaults, choices: policyUpdateChoices, make: rloo } satisfies LearnerDefinition<PolicyUpdateOptions>;

/**
 * REINFORCE leave-one-out (RLOO; Kool et al. 2019; Ahmadian et al. 2024, arXiv:2402.14740): each episode's baseline is the
 * mean reward of the others in its group. One step per batch; with more passes the ratio is clipped, as in TRL.
 *
 * Differs from the paper: no KL penalty in the reward (`beta` adds one to the loss); an entropy bonus per kind of choice is
 * held to a falling target; Adam's steps do not depend on the reward's scale, so that advantages stay undivided.
 */
function rloo(trainable: Trainable, options: Partial<PolicyUpdateOptions> = {}): Learner {
  const update = makePolicyUpdate(trainable, { ...defaults, ...options });
  return {
    name: 'rloo',
    policy: trainable.policy,
    version: update.version,
    update: (groups, progress) => {
      const sessions = groups.flatMap(({ episodes }) => {
        const advantages = leaveOneOutAdvantages(episodes.map(({ reward }) => reward));
        const hasBonus = advantages.some((one) => one !== 0);
        return episodes.flatMap(({ session, reward }, member) =>
          reward === null ? [] : [{ session, advantage: advantages[member] ?? 0, hasBonus }],
        );
      });
      return { ...update.apply(sessions, progress), ...groupMetrics(groups) };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}
