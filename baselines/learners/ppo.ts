import { scoredRewards } from '../../core/statistics/advantage.ts';
import { explainedVariance, generalisedAdvantages } from '../learning/gae.ts';
import { creditMetrics, groupMetrics } from '../learning/group-metrics.ts';
import type { Learner, LearningEpisode, LearningGroup } from '../../core/run-types.ts';
import {
  makePolicyUpdate,
  policyUpdateChoices,
  policyUpdateDefaults,
  type PolicyUpdateOptions,
} from '../learning/policy-update.ts';
import type { LearnerDefinition } from '../learner-definition.ts';
import type { Trainable } from '../learning/trainable.ts';
import { makeValueFunction, type ValueFunction } from '../learning/value-function.ts';
import type { PolicySession } from '../../core/types.ts';

export interface PpoOptions extends PolicyUpdateOptions {
  /** Discount of a turn. */
  readonly gamma: number;
  /** Decay of generalised advantage estimates. */
  readonly lambda: number;
  /** Advantages less their mean over their standard deviation, over all turns of the batch. */
  readonly normalizeAdvantage: boolean;
  /** Weight of the rubric's criteria met so far as a potential in the rewards of turns; 0: the whole reward comes last. */
  readonly shaping: number;
  readonly valueLearningRate: number;
  readonly valuePasses: number;
}

export const defaults: PpoOptions = {
  ...policyUpdateDefaults,
  clipHigh: 0.2,
  gamma: 1,
  lambda: 0.95,
  normalizeAdvantage: true,
  shaping: 0,
  valueLearningRate: 0.003,
  valuePasses: 10,
};

export default { defaults, choices: policyUpdateChoices, make: ppo } satisfies LearnerDefinition<PpoOptions>;

/**
 * Proximal policy optimisation (Schulman et al. 2017, arXiv:1707.06347) with generalised advantage estimates.
 *
 * Differs from the paper: the value function is a network of its own, which is fitted by steps of its own, without a value
 * coefficient and without clipping its loss; a ratio belongs to one choice, an advantage to the whole turn; γ is 1 by
 * default, for episodes are short and end; an entropy bonus per kind of choice is held to a falling target. A truncated
 * episode bootstraps from the value of its last observation, a terminated one does not.
 */
export function ppo(trainable: Trainable, options: Partial<PpoOptions> = {}): Learner {
  const settings = { ...defaults, ...options };
  const update = makePolicyUpdate(trainable, settings);
  const critic = makeValueFunction(trainable.stateSize);
  return {
    name: 'ppo',
    policy: trainable.policy,
    version: update.version,
    ...(settings.shaping > 0 ? { shaping: { gamma: settings.gamma, weight: settings.shaping } } : {}),
    update: (groups, progress) => {
      const metrics = groupMetrics(groups);
      const episodes = groups.flatMap((group) => scoredTurns(group, trainable));
      const valued = episodes.map((one) => valuedTurns(one, critic, settings));
      const values = valued.flatMap((one) => one.values);
      const returns = valued.flatMap((one) => one.returns);
      const scale = settings.normalizeAdvantage
        ? normaliser(valued.flatMap((one) => one.advantages))
        : (one: number) => one;
      const sessions = valued.map(({ session, advantages }) => ({ session, advantage: advantages.map(scale) }));
      const result = update.apply(sessions, progress);
      const states = episodes.flatMap((one) => one.states);
      const rate = settings.valueLearningRate * (1 - (1 - settings.lastRateShare) * progress);
      const value_loss = critic.fit(states, returns, rate, settings.valuePasses);
      return {
        ...result,
        ...metrics,
        value_loss,
        explained_variance: explainedVariance(returns, values),
        ...creditMetrics(groups),
      };
    },
    save: () => update.save({ value: critic.save() }),
    restore: (state) => {
      critic.restore(update.restore(state)['value'] as readonly number[]);
    },
  };
}

interface Turns {
  readonly session: PolicySession;
  readonly rewards: readonly number[];
  readonly states: readonly Float32Array[];
  /** State after the last turn, where the episode was truncated and has one. */
  readonly after: Float32Array | undefined;
}

/** Episodes with a reward and at least one turn. The whole reward stands at the last turn unless it comes by turn. */
function scoredTurns({ episodes }: LearningGroup, trainable: Trainable): Turns[] {
  return episodes.flatMap(({ session, reward, credits, truncated }: LearningEpisode) => {
    const { acted: states, after } = trainable.states(session);
    if (reward === null || states.length === 0) return [];
    const rewards = credits ?? states.map((_, turn) => (turn === states.length - 1 ? reward : 0));
    scoredRewards(rewards);
    if (rewards.length !== states.length)
      throw new RangeError(`An episode of ${states.length} turns has ${rewards.length} credits; give one per turn.`);
    return [{ session, rewards, states, after: truncated === true ? after : undefined }];
  });
}

function valuedTurns({ session, rewards, states, after }: Turns, critic: ValueFunction, options: PpoOptions) {
  const all = critic.values(after ? [...states, after] : states);
  const values = all.slice(0, states.length);
  const bootstrap = after ? (all.at(-1) ?? 0) : 0;
  const advantages = generalisedAdvantages({ rewards, values, bootstrap }, options.gamma, options.lambda);
  const returns = advantages.map((advantage, turn) => advantage + (values[turn] as number));
  return { session, values, advantages, returns };
}

/** Equal advantages become 0, whatever rounding has left between them. */
function normaliser(advantages: readonly number[]): (advantage: number) => number {
  const mean = advantages.reduce((sum, one) => sum + one, 0) / Math.max(1, advantages.length);
  const variance = advantages.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, advantages.length);
  const deviation = Math.sqrt(variance);
  return (advantage) => (deviation < 1e-6 ? 0 : (advantage - mean) / deviation);
}
