import {
  batchAdvantages,
  groupAdvantages,
  judgeVarianceOf,
  type GroupAdvantages,
  type Scale,
} from '../../core/statistics/advantage.ts';
import { UsageError } from '../../core/errors.ts';
import { componentAdvantages, type Components } from '../../core/statistics/component-advantage.ts';
import type { WordChoices } from '../../core/settings.ts';
import { groupMetrics } from '../learning/group-metrics.ts';
import type { Learner, LearningGroup } from '../../core/run-types.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';

export interface GrpoOptions extends PolicyUpdateOptions {
  /** Standard deviation by which advantages are divided: the group's, that with the judge's noise, the whole batch's, or none. */
  readonly scale: Scale | 'batch';
  /** What is normalised in a group: its rewards, or each component of which they are the sum (GDPO), as `componentAdvantages` says. */
  readonly normalise: 'sum' | 'component';
  /** Leave groups without variance out of the loss and its means (DAPO, Yu et al. 2025, §3.2). */
  readonly dynamicSampling: boolean;
}

export const defaults: GrpoOptions = {
  ...policyUpdateDefaults,
  scale: 'group',
  normalise: 'sum',
  dynamicSampling: false,
};

export const choices: WordChoices<GrpoOptions> = {
  ...policyUpdateChoices,
  scale: ['group', 'noise-aware', 'batch', 'none'],
  normalise: ['sum', 'component'],
};

export default { defaults, choices, make: grpo } satisfies LearnerDefinition<GrpoOptions>;

/**
 * Group relative policy optimisation (Shao et al. 2024, DeepSeekMath, arXiv:2402.03300).
 *
 * Differs from the paper: a token is one choice of the policy; no KL term unless `beta` is set, for the policy starts
 * untrained; the loss sums an episode's choices instead of averaging them (no length bias, Liu et al. 2025,
 * arXiv:2503.20783; `lossAggregation: 'seq-mean-token-mean'` is the paper's); an entropy bonus per kind of choice is held to
 * a falling target, and none goes with groups without variance; `normalise: 'component'` is GDPO's way; with `dynamicSampling` nothing is sampled in place of what is left out,
 * for the budget is of episodes.
 */
export function grpo(trainable: Trainable, options: Partial<GrpoOptions> = {}): Learner {
  const { scale, normalise, dynamicSampling, ...updateOptions } = { ...defaults, ...options };
  const isByComponent = normalise === 'component';
  if (isByComponent && scale !== 'group') {
    throw new UsageError(
      `normalise=component divides each component by its deviation in the group, and their sum by the batch's: leave out scale=${scale}, or say ` +
        'scale=group.',
    );
  }
  const update = makePolicyUpdate(trainable, updateOptions);
  return {
    name: 'grpo',
    policy: trainable.policy,
    version: update.version,
    wantsComponents: isByComponent,
    update: (groups, progress) => {
      const results = isByComponent ? componentAdvantages(groups.map(componentsOf)) : advantagesOf(groups, scale);
      const sessions = results.flatMap(({ advantages, deviation }, i) => {
        if (dynamicSampling && deviation === 0) return [];
        return (groups[i]?.episodes ?? []).flatMap(({ session, reward }, member) =>
          reward === null ? [] : [{ session, advantage: advantages[member] ?? 0, hasBonus: deviation > 0 }],
        );
      });
      return { ...update.apply(sessions, progress), ...groupMetrics(groups, isByComponent ? results : undefined) };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}

/** A reward that is no sum is its own one component. */
const componentsOf = ({ episodes }: LearningGroup): Components[] =>
  episodes.map(({ reward, components = [{ criterion: 'reward', weight: 1, score: reward }] }) =>
    reward === null ? null : components,
  );

function advantagesOf(groups: readonly LearningGroup[], scale: GrpoOptions['scale']): readonly GroupAdvantages[] {
  const rewards = groups.map(({ episodes }) => episodes.map(({ reward }) => reward));
  if (scale === 'batch') return batchAdvantages(rewards);
  return groups.map(({ episodes }, index) => groupAdvantages(rewards[index] ?? [], scale, judgeVarianceOf(episodes)));
}
