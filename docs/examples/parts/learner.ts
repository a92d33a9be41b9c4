import {
  groupAdvantages,
  groupMetrics,
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type LearnerDefinition,
  type PolicyUpdateOptions,
} from 'toolstone';

const defaults: PolicyUpdateOptions = { ...policyUpdateDefaults, learningRate: 0.01, passes: 1 };

/**
 * A policy gradient in which an episode's advantage is its reward less the mean of its group. Differs from GRPO: the advantage is
 * not divided by the group's standard deviation.
 */
export default {
  defaults,
  choices: policyUpdateChoices,
  make: (trainable, options) => {
    const update = makePolicyUpdate(trainable, { ...defaults, ...options });
    return {
      name: 'my-learner',
      policy: trainable.policy,
      version: update.version,
      update: (groups, progress) => {
        const sessions = groups.flatMap(({ episodes }) => {
          const { advantages } = groupAdvantages(
            episodes.map(({ reward }) => reward),
            'none',
          );
          // A void episode, or one that could not be scored, has no reward and teaches nothing.
          return episodes.flatMap(({ session, reward }, index) =>
            reward === null ? [] : [{ session, advantage: advantages[index] ?? 0 }],
          );
        });
        return { ...update.apply(sessions, progress), ...groupMetrics(groups) };
      },
      save: () => update.save(),
      restore: (state) => {
        update.restore(state);
      },
    };
  },
} satisfies LearnerDefinition<PolicyUpdateOptions>;
