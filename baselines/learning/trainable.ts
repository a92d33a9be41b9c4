import type { Policy, PolicySession } from '../../core/types.ts';
import type { Parameters } from '../../core/tensor/optimiser.ts';

/** One choice of an episode between at least two candidates, as the session remembers it. */
export interface RememberedChoice {
  /** Turn in which it was made, from 0. */
  readonly turn: number;
  /** Natural log of its probability, at the time of choosing. */
  readonly logProbability: number;
}

/** A loss over the choices of a batch's sessions, by its derivatives. */
export interface ChoiceLoss {
  /** Derivative of the loss by the choice's log-probability, which is given; asked once for every choice. */
  readonly slope: (session: number, choice: number, logProbability: number) => number;
  /** What each choice of a session counts for in the entropy bonus. */
  readonly weights: readonly number[];
  /** Weight of the entropy of each kind of choice, in the order of `Trainable.heads`. */
  readonly entropy: readonly number[];
}

/** Per head: Σ of entropies (natural log) and the number of choices between at least two candidates. */
export type EntropySums = readonly { readonly sum: number; readonly count: number }[];

/** An update's episodes, laid out. */
export interface LearningBatch {
  /** Natural log-probability of every choice under the present weights, by session, in order. */
  readonly logProbabilities: () => readonly Float64Array[];
  /** Adds the gradient of the loss, less the weighted entropies, to the parameters' gradients. */
  readonly accumulate: (loss: ChoiceLoss) => EntropySums;
  readonly close: () => void;
}

/** A policy whose choices have gradients. Learners know nothing else of it. */
export interface Trainable {
  /** Samples its choices; sessions remember them. */
  readonly policy: Policy;
  readonly parameters: Parameters;
  /** Kinds of choices, each with an entropy of its own. */
  readonly heads: readonly { readonly name: string; readonly entropyTarget: readonly [first: number, last: number] }[];
  readonly choices: (session: PolicySession) => readonly RememberedChoice[];
  /** Does what a teacher does; its sessions remember the choices by which the policy would have done the same. */
  readonly imitate: (teacher: Policy) => Policy;
  /** Whether it could itself have done all that its teacher did in a session. */
  readonly isWithinReach: (session: PolicySession) => boolean;
  /** Numbers that describe a state to a value function. */
  readonly stateSize: number;
  /** The states in which the session acted, one per turn, and that after its last turn where it has seen it. */
  readonly states: (session: PolicySession) => {
    readonly acted: readonly Float32Array[];
    readonly after?: Float32Array;
  };
  /** Lays out a batch for several passes. Of several open batches the last is closed first. */
  readonly open: (sessions: readonly PolicySession[]) => LearningBatch;
  /** Must be told after the weights have changed. */
  readonly changed: () => void;
}
