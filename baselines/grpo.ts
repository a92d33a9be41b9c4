import { groupAdvantages, type Scale } from '../core/advantage.ts';
import type { Learner } from '../core/run-types.ts';
import {
  makePolicyUpdate,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
  type WeightedSession,
} from '../core/tensor/policy-update.ts';
import type { Trainable } from '../core/tensor/trainable.ts';

export interface GrpoOptions extends Partial<PolicyUpdateOptions> {
  /** `group` divides advantages by the group's standard deviation, `none` does not. */
  readonly scale?: Scale;
}

/**
 * Group relative policy optimisation (Shao et al. 2024, DeepSeekMath, arXiv:2402.03300).
 *
 * Differs from the paper: a token is one choice of the policy; no reference policy and no KL term, for the policy starts
 * untrained; the loss sums an episode's choices instead of averaging them (no length bias, Liu et al. 2025,
 * arXiv:2503.20783); an entropy bonus per kind of choice is held to a falling target, also on groups without variance.
 */
export default function grpo(trainable: Trainable, options: GrpoOptions = {}): Learner {
  const { scale = 'group', ...given } = options;
  const update = makePolicyUpdate(trainable, { ...policyUpdateDefaults, ...given });
  return {
    name: 'grpo',
    policy: trainable.policy,
    version: update.version,
    update: (groups, progress) => {
      const sessions: WeightedSession[] = [];
      let [scored, flat, deviations] = [0, 0, 0];
      for (const group of groups) {
        const result = groupAdvantages(
          group.episodes.map(({ reward }) => reward),
          scale,
        );
        if (result.scored === 0) continue;
        scored += 1;
        if (result.deviation === 0) flat += 1;
        deviations += result.deviation;
        group.episodes.forEach(({ session, reward }, i) => {
          if (reward !== null) sessions.push({ session, advantage: result.advantages[i] as number });
        });
      }
      return {
        ...update.apply(sessions, progress),
        frac_reward_zero_std: flat / Math.max(1, scored),
        reward_std: deviations / Math.max(1, scored),
      };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}
