import { groupAdvantages } from '../core/advantage.ts';
import type { Learner } from '../core/run-types.ts';
import { makeEntropyControl } from '../core/tensor/entropy-control.ts';
import { makeAdam } from '../core/tensor/optimiser.ts';
import { decodeState, encodeState } from '../core/tensor/training-state.ts';
import type { Trainable, WeightedSession } from '../core/tensor/trainable.ts';

/**
 * Group relative policy optimisation (Shao et al. 2024, DeepSeekMath, arXiv:2402.03300).
 *
 * Differs from the paper: one on-policy step per batch, so that the ratio is 1 and the clip idle; no reference policy
 * and no KL term, for the policy starts untrained; the loss is the sum over an episode's choices, not their mean (no
 * length bias, Liu et al. 2025, arXiv:2503.20783); an entropy bonus held to a target, also on groups without variance.
 */
export interface GrpoOptions {
  readonly learningRate?: number;
  /** Steps on each batch; from the second on the clip limits how far the policy leaves the one that acted. */
  readonly passes?: number;
  /** Learning rate at the end of the budget, as a share of the first. */
  readonly lastRateShare?: number;
  readonly largestNorm?: number;
  readonly clipLow?: number;
  readonly clipHigh?: number;
  /** Divide advantages by the group's standard deviation. */
  readonly scale?: 'group' | 'none';
}

export default function grpo(trainable: Trainable, options: GrpoOptions = {}): Learner {
  const {
    learningRate = 0.01,
    passes = 4,
    lastRateShare = 0.2,
    largestNorm = 1,
    clipLow = 0.2,
    clipHigh = 0.2,
  } = options;
  const { parameters } = trainable;
  const optimiser = makeAdam(parameters);
  const control = makeEntropyControl(trainable.heads);
  let version = 0;
  return {
    name: 'grpo',
    policy: trainable.policy,
    version: () => version,
    update: (groups, progress) => {
      const sessions: WeightedSession[] = [];
      let [flat, deviations] = [0, 0];
      for (const group of groups) {
        const { advantages, deviation } = groupAdvantages(
          group.episodes.map(({ reward }) => reward),
          options.scale,
        );
        if (deviation === 0) flat += 1;
        deviations += deviation;
        group.episodes.forEach(({ session, reward }, i) => {
          if (reward !== null) sessions.push({ session, advantage: advantages[i] as number });
        });
      }
      const rate = learningRate * (1 - (1 - lastRateShare) * progress);
      const scale = 1 / Math.max(1, sessions.length);
      const pass = () => {
        const result = trainable.accumulate(sessions, { scale, clipLow, clipHigh, entropy: control.weights() });
        const norm = sessions.length > 0 ? optimiser.step(rate, largestNorm) : 0;
        trainable.changed();
        return { result, norm };
      };
      const { result: sums, norm } = pass();
      let last = sums;
      for (let i = 1; i < passes; i++) last = pass().result;
      control.adapt(sums.entropy, progress);
      version += 1;
      const total = sums.entropy.reduce((a, b) => ({ sum: a.sum + b.sum, count: a.count + b.count }));
      return {
        loss: sums.loss,
        entropy: total.sum / Math.max(1, total.count),
        ...Object.fromEntries(
          trainable.heads.map(({ name }, i) => {
            const head = sums.entropy[i];
            return [`entropy_${name}`, head && head.count > 0 ? head.sum / head.count : 0];
          }),
        ),
        frac_reward_zero_std: flat / Math.max(1, groups.length),
        reward_std: deviations / Math.max(1, groups.length),
        grad_norm: norm,
        clip_ratio: last.clipped / Math.max(1, last.choices),
        kl: last.kl / Math.max(1, last.choices),
        learning_rate: rate,
      };
    },
    save: () => encodeState(parameters, optimiser, { version, entropyWeights: control.weights() }),
    restore: (state) => {
      const numbers = decodeState(state, parameters, optimiser);
      version = numbers['version'] as number;
      control.restore(numbers['entropyWeights'] as readonly number[]);
      trainable.changed();
    },
  };
}
