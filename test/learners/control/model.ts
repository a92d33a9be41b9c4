import type { RandomStream } from '../../../core/seeds.ts';
import type { Environment } from './environment.ts';

export interface Transition {
  readonly probability: number;
  readonly next: number;
  readonly reward: number;
  readonly terminated: boolean;
}

/** A decision process small enough for dynamic programming. */
export interface Model {
  readonly states: number;
  readonly actions: number;
  readonly start: number;
  readonly transitions: (state: number, action: number) => readonly Transition[];
}

/** Probability of each action in a state. */
export type ActionProbabilities = (state: number) => readonly number[];

const worth = (model: Model, state: number, action: number, values: readonly number[], gamma: number): number =>
  model
    .transitions(state, action)
    .reduce(
      (sum, { probability, next, reward, terminated }) =>
        sum + probability * (reward + (terminated ? 0 : gamma * (values[next] ?? 0))),
      0,
    );

const everyState = (model: Model) => Array.from({ length: model.states }, (_, state) => state);
const everyAction = (model: Model) => Array.from({ length: model.actions }, (_, action) => action);

/** Values of the best policy after so many sweeps, i.e. with so many steps to go. */
export function bestValues(model: Model, gamma: number, sweeps: number): readonly number[] {
  let values: readonly number[] = everyState(model).map(() => 0);
  for (let i = 0; i < sweeps; i++) {
    const before = values;
    values = everyState(model).map((state) =>
      Math.max(...everyAction(model).map((action) => worth(model, state, action, before, gamma))),
    );
  }
  return values;
}

/** Values of a policy with so many steps to go. */
export function valuesOf(model: Model, policy: ActionProbabilities, gamma: number, sweeps: number): readonly number[] {
  let values: readonly number[] = everyState(model).map(() => 0);
  for (let i = 0; i < sweeps; i++) {
    const before = values;
    values = everyState(model).map((state) =>
      policy(state).reduce((sum, probability, action) => {
        return probability === 0 ? sum : sum + probability * worth(model, state, action, before, gamma);
      }, 0),
    );
  }
  return values;
}

/** An action that is best with these values to come. */
export function bestAction(model: Model, values: readonly number[], gamma: number, state: number): number {
  const worths = everyAction(model).map((action) => worth(model, state, action, values, gamma));
  return worths.indexOf(Math.max(...worths));
}

/** The model as something to act in: states are seen one-hot. */
export function environmentOf(model: Model): Environment<number> {
  const seen = everyState(model).map((state) => {
    const features = new Float32Array(model.states);
    features[state] = 1;
    return features;
  });
  return {
    inputs: model.states,
    actions: model.actions,
    start: () => model.start,
    features: (state) => seen[state] ?? new Float32Array(model.states),
    step: (state, action, stream: RandomStream) => {
      const transitions = model.transitions(state, action);
      let rest = stream.uniform();
      return transitions.find(({ probability }) => (rest -= probability) < 0) ?? (transitions.at(-1) as Transition);
    },
  };
}
