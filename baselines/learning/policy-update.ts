import { lossAggregations, lossWeights, type LossAggregation } from './loss-aggregation.ts';
import type { UpdateMetrics } from '../../core/run-types.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import type { WordChoices } from '../../core/settings.ts';
import type { PolicySession } from '../../core/types.ts';
import { entropyBonuses, makeEntropyControl, type EntropyBonus } from './entropy-control.ts';
import { makeAdam } from '../../core/tensor/optimiser.ts';
import { clippedSurrogate, type Objective, type SurrogateOptions } from './policy-loss.ts';
import { decodeState, encodeState, numberIn, numbersIn, type TrainingNumbers } from './training-state.ts';
import type { EntropySums, Trainable } from './trainable.ts';

/** What learners on a `Trainable` have in common; they differ in their advantages or in their objective. */
export interface PolicyUpdateOptions extends SurrogateOptions {
  readonly learningRate: number;
  /** Learning rate at the end of the budget, as a share of the first; linear in between. */
  readonly lastRateShare: number;
  /** Largest norm of a gradient; longer ones are shortened to it. */
  readonly largestNorm: number;
  /** Times each batch is gone through; from the second on the clip limits how far the policy leaves the one that acted. */
  readonly passes: number;
  /** Steps of a pass, each on its own share of the sessions. */
  readonly minibatches: number;
  readonly entropyBonus: EntropyBonus;
  readonly lossAggregation: LossAggregation;
  /** Choices by which `seq-mean-token-sum-norm` divides. */
  readonly normLength: number;
}

export const policyUpdateDefaults: PolicyUpdateOptions = {
  learningRate: 0.006,
  lastRateShare: 0.2,
  largestNorm: 10,
  passes: 4,
  minibatches: 1,
  clipLow: 0.2,
  clipHigh: 0.3,
  importanceSampling: 'token',
  beta: 0,
  entropyBonus: 'controlled',
  lossAggregation: 'seq-mean-token-sum',
  normLength: 64,
};

export const policyUpdateChoices: WordChoices<PolicyUpdateOptions> = {
  importanceSampling: ['token', 'sequence'],
  entropyBonus: entropyBonuses,
  lossAggregation: lossAggregations,
};

/** An episode's part in a policy gradient: one advantage for all of it, or one per turn. */
export interface WeightedSession {
  readonly session: PolicySession;
  readonly advantage: number | readonly number[];
  /** False where the episode's group has one reward for all: no entropy bonus goes with it. Default: true. */
  readonly hasBonus?: boolean;
}

/** Sessions with the loss over them. */
export interface Part {
  readonly sessions: readonly PolicySession[];
  readonly objective: Objective;
  /** Nothing in it tells one choice from another: no step is taken, not even along what the optimiser remembers. */
  readonly isStill?: boolean;
}

export interface PolicyUpdate {
  readonly version: () => number;
  /** Steps along the clipped policy gradient. */
  readonly apply: (sessions: readonly WeightedSession[], progress: number) => UpdateMetrics;
  /** Steps along any objective, part by part. An entropy bonus per head is held to its target in both. */
  readonly optimise: (parts: readonly Part[], progress: number) => UpdateMetrics;
  /** Weights, optimiser, entropy weights, version, and the learner's own numbers. */
  readonly save: (learnerNumbers?: TrainingNumbers) => Uint8Array;
  readonly restore: (state: Uint8Array) => TrainingNumbers;
}

/** The reference of a KL term is the policy as it is now: make the learner before anything else changes the weights. */
export function makePolicyUpdate(trainable: Trainable, options: PolicyUpdateOptions): PolicyUpdate {
  const { learningRate, lastRateShare, largestNorm, passes, minibatches } = options;
  const { parameters, heads } = trainable;
  const optimiser = makeAdam(parameters);
  const control = makeEntropyControl(heads, options.entropyBonus);
  const reference = options.beta > 0 ? parameters.values.slice() : null;
  let version = 0;

  const optimise: PolicyUpdate['optimise'] = (allParts, progress) => {
    const parts = allParts.filter(({ sessions }) => sessions.length > 0);
    const rate = learningRate * (1 - (1 - lastRateShare) * progress);
    const open = parts.map(({ sessions, ...part }) => ({ ...part, batch: trainable.open(sessions) }));
    const results = Array.from({ length: passes }, () =>
      open.map(({ objective, batch, isStill = false }) => {
        const pass = objective.pass(batch.logProbabilities);
        const { slope } = pass;
        const entropy = batch.accumulate({ slope, weights: objective.weights, entropy: control.weights() });
        const grad_norm = isStill ? 0 : optimiser.step(rate, largestNorm);
        trainable.changed();
        return { entropy, metrics: { ...pass.metrics(), grad_norm } };
      }),
    );
    for (const { batch } of open.toReversed()) batch.close();
    version += 1;
    const first = results[0] ?? [];
    const last = results.at(-1) ?? [];
    const entropy = first.map((one) => one.entropy);
    const moved = entropy.filter((_, part) => parts[part]?.isStill !== true);
    if (moved.length > 0) control.adapt(added(heads, moved), progress);
    const { loss = 0, grad_norm = 0 } = meansOf(first.map(({ metrics }) => metrics));
    return {
      ...entropies(heads, added(heads, entropy)),
      ...meansOf(last.map(({ metrics }) => metrics)),
      loss,
      grad_norm,
      learning_rate: rate,
    };
  };

  return {
    version: () => version,
    optimise,
    apply: (sessions, progress) => {
      const parts = split(sessions, minibatches, version);
      const empty = clippedSurrogate([], options)
        .pass(() => [])
        .metrics();
      const metrics = optimise(
        parts.map((part) => ({
          sessions: part.map(({ session }) => session),
          objective: surrogateOf(part, trainable, options, reference),
          isStill: reference === null && part.every(isSilent),
        })),
        progress,
      );
      return { ...empty, ...metrics };
    },
    save: (learnerNumbers = {}) =>
      encodeState(parameters, optimiser, { ...learnerNumbers, version, entropyWeights: control.weights() }),
    restore: (state) => {
      const numbers = decodeState(state, parameters, optimiser);
      version = numberIn(numbers, 'version');
      control.restore(numbersIn(numbers, 'entropyWeights', trainable.heads.length));
      trainable.changed();
      return numbers;
    },
  };
}

/** The clipped policy gradient over sessions, held to the reference weights where there are any. */
function surrogateOf(
  sessions: readonly WeightedSession[],
  trainable: Trainable,
  options: PolicyUpdateOptions,
  reference: Float32Array | null,
): Objective {
  const choices = sessions.map(({ session }) => trainable.choices(session));
  const lengths = choices.map(({ length }) => length);
  const weights = lossWeights(lengths, options.lossAggregation, options.normLength);
  const references = reference && underWeights(trainable, reference, sessions);
  const terms = sessions.map(({ advantage }, i) => {
    const chosen = choices[i] ?? [];
    return {
      advantages: chosen.map(({ turn }) => (typeof advantage === 'number' ? advantage : (advantage[turn] ?? 0))),
      behaviour: chosen.map(({ logProbability }) => logProbability),
      weight: weights[i] ?? 0,
      ...(references ? { reference: references[i] ?? [] } : {}),
    };
  });
  const objective = clippedSurrogate(terms, options);
  const hasSignal = !sessions.every(isSilent);
  return {
    ...objective,
    weights: objective.weights.map((weight, i) => (hasSignal && sessions[i]?.hasBonus !== false ? weight : 0)),
  };
}

const isSilent = ({ advantage }: WeightedSession): boolean =>
  typeof advantage === 'number' ? advantage === 0 : advantage.every((one) => one === 0);

/** Log-probabilities of what sessions chose under other weights; the present ones are put back. */
function underWeights(trainable: Trainable, weights: Float32Array, sessions: readonly WeightedSession[]) {
  const { values } = trainable.parameters;
  const present = values.slice();
  values.set(weights);
  trainable.changed();
  const batch = trainable.open(sessions.map(({ session }) => session));
  const result = batch.logProbabilities();
  batch.close();
  values.set(present);
  trainable.changed();
  return result;
}

/** Shares of nearly equal size, in an order drawn anew for each version. */
function split<T>(items: readonly T[], count: number, version: number): readonly (readonly T[])[] {
  if (count === 1) return [items];
  const shuffled = randomStream(seedOf('minibatches', version)).shuffle(items);
  return Array.from({ length: count }, (_, part) => shuffled.filter((_one, i) => i % count === part));
}

function added(heads: Trainable['heads'], parts: readonly EntropySums[]): EntropySums {
  return heads.map((_, head) => {
    const headSums = parts.map((sums) => sums[head] ?? { sum: 0, count: 0 });
    return {
      sum: headSums.reduce((total, { sum }) => total + sum, 0),
      count: headSums.reduce((total, { count }) => total + count, 0),
    };
  });
}

/** Mean of each metric over steps. */
function meansOf(steps: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const result: Record<string, number> = {};
  for (const step of steps)
    for (const [name, value] of Object.entries(step)) result[name] = (result[name] ?? 0) + value / steps.length;
  return result;
}

/** Mean entropy (natural log) of all choices between at least two candidates, and of each head that had any. */
function entropies(heads: Trainable['heads'], sums: EntropySums): Record<string, number> {
  const result: Record<string, number> = {};
  const total = { sum: 0, count: 0 };
  heads.forEach(({ name }, i) => {
    const { sum, count } = sums[i] ?? { sum: 0, count: 0 };
    if (count > 0) result[`entropy_${name}`] = sum / count;
    total.sum += sum;
    total.count += count;
  });
  return { entropy: total.sum / Math.max(1, total.count), ...result };
}
