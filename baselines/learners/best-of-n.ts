import { groupMetrics } from '../learning/group-metrics.ts';
import { lossWeights } from '../learning/loss-aggregation.ts';
import type { Learner, LearningGroup } from '../../core/run-types.ts';
import { likelihood } from '../learning/policy-loss.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import type { PolicySession } from '../../core/types.ts';

export interface BestOfNOptions extends PolicyUpdateOptions {
  /** Episodes kept of each group at most. */
  readonly keep: number;
  /** Least reward of an episode that is kept. */
  readonly threshold: number;
}

const defaults: BestOfNOptions = {
  ...policyUpdateDefaults,
  learningRate: 0.01,
  passes: 1,
  keep: 2,
  threshold: 0,
};

export default { defaults, choices: policyUpdateChoices, make: bestOfN } satisfies LearnerDefinition<BestOfNOptions>;

/**
 * Best-of-n, or rejection, finetuning (RAFT, Dong et al. 2023, arXiv:2304.06767; RFT, Yuan et al. 2023, arXiv:2308.01825):
 * of each group of n episodes the best are kept, and the policy becomes likelier to do what was done in them.
 *
 * Differs from the papers: a step follows every batch, on-policy, in place of rounds of sampling and supervised training
 * from the start weights; a group whose rewards are all equal has no best and is left out, and so is an episode no better
 * than its group's mean; an entropy bonus per kind of choice is held to a falling target.
 */
function bestOfN(trainable: Trainable, options: Partial<BestOfNOptions> = {}): Learner {
  const { keep, threshold, ...updateOptions } = { ...defaults, ...options };
  const update = makePolicyUpdate(trainable, updateOptions);
  return {
    name: 'best-of-n',
    policy: trainable.policy,
    version: update.version,
    update: (groups, progress) => {
      const metrics = groupMetrics(groups);
      const sessions = groups.flatMap((group) => bestOf(group, keep, threshold));
      const lengths = sessions.map((session) => trainable.choices(session).length);
      const objective = likelihood(lossWeights(lengths, updateOptions.lossAggregation, updateOptions.normLength));
      const episodes = groups.reduce((sum, group) => sum + group.episodes.length, 0);
      return {
        loss: 0,
        ...update.optimise([{ sessions, objective }], progress),
        ...metrics,
        kept: sessions.length / Math.max(1, episodes),
      };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}

function bestOf({ episodes }: LearningGroup, keep: number, threshold: number): readonly PolicySession[] {
  const scored = episodes.flatMap(({ session, reward }) => (reward === null ? [] : [{ session, reward }]));
  const first = scored[0]?.reward;
  if (scored.every(({ reward }) => reward === first)) return [];
  const mean = scored.reduce((sum, { reward }) => sum + reward, 0) / scored.length;
  return scored
    .toSorted((a, b) => b.reward - a.reward)
    .slice(0, keep)
    .filter(({ reward }) => reward >= threshold && reward > mean)
    .map(({ session }) => session);
}
