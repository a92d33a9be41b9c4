import type { UpdateMetrics } from '../run-types.ts';
import { makeEntropyControl } from './entropy-control.ts';
import { makeAdam } from './optimiser.ts';
import { decodeState, encodeState, type TrainingNumbers } from './training-state.ts';
import type { LossSums, Trainable, WeightedSession } from './trainable.ts';

/** What learners on a `Trainable` have in common; they differ in their advantages. */
export interface PolicyUpdateOptions {
  readonly learningRate: number;
  /** Learning rate at the end of the budget, as a share of the first; linear in between. */
  readonly lastRateShare: number;
  readonly largestNorm: number;
  /** Steps on each batch; from the second on the clip limits how far the policy leaves the one that acted. */
  readonly passes: number;
  readonly clipLow: number;
  readonly clipHigh: number;
}

export interface PolicyUpdate {
  readonly version: () => number;
  /** Steps along the clipped policy gradient with an entropy bonus held to its target. */
  readonly apply: (sessions: readonly WeightedSession[], progress: number) => UpdateMetrics;
  /** Weights, optimiser, entropy weights, version, and the learner's own numbers. */
  readonly save: (own?: TrainingNumbers) => Uint8Array;
  readonly restore: (state: Uint8Array) => TrainingNumbers;
}

export function makePolicyUpdate(trainable: Trainable, options: PolicyUpdateOptions): PolicyUpdate {
  const { learningRate, lastRateShare, largestNorm, passes, clipLow, clipHigh } = options;
  const { parameters, heads } = trainable;
  const optimiser = makeAdam(parameters);
  const control = makeEntropyControl(heads);
  let version = 0;
  return {
    version: () => version,
    apply: (sessions, progress) => {
      const rate = learningRate * (1 - (1 - lastRateShare) * progress);
      const scale = 1 / Math.max(1, sessions.length);
      const batch = trainable.open(sessions);
      const results = Array.from({ length: sessions.length > 0 ? passes : 0 }, () => {
        const sums = batch.accumulate({ scale, clipLow, clipHigh, entropy: control.weights() });
        const norm = optimiser.step(rate, largestNorm);
        trainable.changed();
        return { sums, norm };
      });
      batch.close();
      const [first, last] = [results[0], results.at(-1)];
      if (first) control.adapt(first.sums.entropy, progress);
      version += 1;
      const choices = Math.max(1, last?.sums.choices ?? 0);
      return {
        ...(first ? entropies(heads, first.sums) : {}),
        loss: first?.sums.loss ?? 0,
        grad_norm: first?.norm ?? 0,
        clip_ratio: (last?.sums.clipped ?? 0) / choices,
        kl: (last?.sums.kl ?? 0) / choices,
        learning_rate: rate,
      };
    },
    save: (own = {}) => encodeState(parameters, optimiser, { ...own, version, entropyWeights: control.weights() }),
    restore: (state) => {
      const numbers = decodeState(state, parameters, optimiser);
      version = numbers['version'] as number;
      control.restore(numbers['entropyWeights'] as readonly number[]);
      trainable.changed();
      return numbers;
    },
  };
}

/** Mean entropy (natural log) of all choices between at least two candidates, and of each head that had any. */
function entropies(heads: Trainable['heads'], { entropy }: LossSums): Record<string, number> {
  const result: Record<string, number> = {};
  const total = { sum: 0, count: 0 };
  heads.forEach(({ name }, i) => {
    const { sum, count } = entropy[i] ?? { sum: 0, count: 0 };
    if (count > 0) result[`entropy_${name}`] = sum / count;
    total.sum += sum;
    total.count += count;
  });
  return { entropy: total.sum / Math.max(1, total.count), ...result };
}
