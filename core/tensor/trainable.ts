import type { Policy, PolicySession } from '../types.ts';
import type { Parameters } from './optimiser.ts';

/** An episode's part in an update. */
export interface WeightedSession {
  readonly session: PolicySession;
  readonly advantage: number;
}

/** The clipped policy-gradient loss with an entropy bonus, over every choice of every session. */
export interface LossOptions {
  /** Each choice's loss is multiplied by this, e.g. 1 / number of episodes. */
  readonly scale: number;
  /** The ratio's clip range 1 − low .. 1 + high (PPO, Schulman et al. 2017, eq. 7). */
  readonly clipLow: number;
  readonly clipHigh: number;
  /** Weight of the entropy of each kind of choice, in the order of `Trainable.heads`. */
  readonly entropy: readonly number[];
}

/** Sums over the choices of one pass. */
export interface LossSums {
  /** Scaled surrogate loss, entropy bonus left out. */
  readonly loss: number;
  readonly choices: number;
  readonly clipped: number;
  /** Σ of Schulman's k3 estimate of KL(old ‖ new), natural log. */
  readonly kl: number;
  /** Per head: Σ of entropies (natural log) and the number of choices between at least two candidates. */
  readonly entropy: readonly { readonly sum: number; readonly count: number }[];
}

/** An update's episodes, laid out. */
export interface LearningBatch {
  /** Adds the loss's gradient to the parameters' gradients. */
  readonly accumulate: (options: LossOptions) => LossSums;
  readonly close: () => void;
}

/** A policy whose choices have gradients. Learners know nothing else of it. */
export interface Trainable {
  /** Samples its choices; sessions remember them. */
  readonly policy: Policy;
  readonly parameters: Parameters;
  /** Kinds of choices, each with an entropy of its own. */
  readonly heads: readonly { readonly name: string; readonly entropyTarget: readonly [first: number, last: number] }[];
  /** Lays out a batch for several passes. No other batch may be open. */
  readonly open: (sessions: readonly WeightedSession[]) => LearningBatch;
  /** Must be told after the weights have changed. */
  readonly changed: () => void;
}
