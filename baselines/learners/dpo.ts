import { groupMetrics } from '../learning/group-metrics.ts';
import type { Learner } from '../../core/run-types.ts';
import { directPreference, type Preference } from '../learning/policy-loss.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import type { PolicySession } from '../../core/types.ts';

export interface DpoOptions extends PolicyUpdateOptions {
  /** Here the temperature of the implicit reward, not the weight of a KL term: how little the policy may leave the reference. */
  readonly beta: number;
  /** Two episodes of a group are a pair where their rewards differ by more than this. */
  readonly rewardGap: number;
}

const defaults: DpoOptions = { ...policyUpdateDefaults, learningRate: 0.003, beta: 0.3, rewardGap: 0 };

export default {
  defaults,
  choices: policyUpdateChoices,
  make: dpo,
  isBetaTemperature: true,
} satisfies LearnerDefinition<DpoOptions>;

/**
 * Direct preference optimisation (Rafailov et al. 2023, arXiv:2305.18290) on pairs of a group's episodes, ranked by reward.
 *
 * Differs from the paper: pairs come from the present policy, and the reference is the policy that acted, anew for every
 * batch (iterative, on-policy DPO; Xiong et al. 2024, arXiv:2312.11456; Guo et al. 2024, arXiv:2402.04792), since it starts
 * untrained; an entropy bonus per kind of choice is held to a falling target, and none goes with episodes without a pair.
 */
function dpo(trainable: Trainable, options: Partial<DpoOptions> = {}): Learner {
  const { beta, rewardGap, ...updateOptions } = { ...defaults, ...options };
  const update = makePolicyUpdate(trainable, { ...updateOptions, beta: 0 });
  return {
    name: 'dpo',
    policy: trainable.policy,
    version: update.version,
    update: (groups, progress) => {
      const metrics = groupMetrics(groups);
      const sessions: PolicySession[] = [];
      const pairs: Preference[] = [];
      for (const { episodes } of groups) {
        const scored = episodes.flatMap(({ session, reward }) => (reward === null ? [] : [{ session, reward }]));
        pairs.push(...pairsOf(scored, rewardGap, sessions.length));
        sessions.push(...scored.map(({ session }) => session));
      }
      const reference = sessions.map((session) =>
        trainable.choices(session).map(({ logProbability }) => logProbability),
      );
      const paired = new Set(pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]));
      const preference = directPreference(pairs, reference, beta);
      const objective = {
        ...preference,
        weights: preference.weights.map((one, place) => (paired.has(place) ? one : 0)),
      };
      const result = update.optimise([{ sessions, objective, isStill: pairs.length === 0 }], progress);
      return { loss: 0, ...result, ...metrics, pairs: pairs.length };
    },
    save: () => update.save(),
    restore: (state) => {
      update.restore(state);
    },
  };
}

/** Pairs of a group whose first member is at place `first` of the batch. */
function pairsOf(episodes: readonly { readonly reward: number }[], rewardGap: number, first: number): Preference[] {
  return episodes.flatMap((better, chosen) =>
    episodes.flatMap((worse, rejected) =>
      better.reward - worse.reward > rewardGap ? [{ chosen: first + chosen, rejected: first + rejected }] : [],
    ),
  );
}
