import type { RandomStream } from '../../../core/seeds.ts';

/** Something to act in, step by step. */
export interface Environment<State> {
  /** Numbers that describe a state. */
  readonly inputs: number;
  readonly actions: number;
  readonly start: (stream: RandomStream) => State;
  readonly features: (state: State) => Float32Array;
  readonly step: (
    state: State,
    action: number,
    stream: RandomStream,
  ) => { readonly next: State; readonly reward: number; readonly terminated: boolean };
}
