import { randomStream, seedOf, type RandomStream } from '../../../core/seeds.ts';
import { chunkedBatch } from '../../../baselines/learning/choice-loss.ts';
import { makeEngine } from '../../../core/tensor/engine.ts';
import { makeParameters } from '../../../core/tensor/optimiser.ts';
import { makeSegments, makeTape, type Tape, type Tensor } from '../../../core/tensor/tape.ts';
import type { Trainable } from '../../../baselines/learning/trainable.ts';
import type { Policy, PolicySession } from '../../../core/types.ts';

export interface Step {
  readonly features: Float32Array;
  readonly action: number;
  /** Natural log. */
  readonly logProbability: number;
}

/** A stretch of acting; `after` describes the state that followed. */
export interface ControlSession extends PolicySession {
  readonly steps: readonly Step[];
  readonly after: Float32Array;
}

export interface Agent extends Trainable {
  readonly act: (features: Float32Array, stream: RandomStream) => Step;
  readonly probabilities: (features: Float32Array) => readonly number[];
  /** The step that takes a given action. */
  readonly taking: (features: Float32Array, action: number) => Step;
}

export interface AgentOptions {
  readonly inputs: number;
  readonly actions: number;
  /** Units of a hidden layer; 0: logits are linear in the features, a table where states are one-hot. */
  readonly hidden?: number;
  readonly entropyTarget?: readonly [number, number];
  readonly seed?: number;
}

/** A softmax policy over a few actions: a table or a small network, on the tape that the pointer policy uses. */
export function makeAgent(options: AgentOptions): Agent {
  const { inputs, actions, hidden = 0, entropyTarget = [0.5, 0.05], seed = 1 } = options;
  const engine = makeEngine(192);
  const parameters = makeParameters(engine, [
    { name: 'linear', rows: inputs, columns: actions },
    ...(hidden > 0 ? hiddenShapes(inputs, hidden, actions) : []),
  ]);
  if (hidden > 0) {
    const { uniform } = randomStream(seedOf('control agent', seed));
    const { pointer } = parameters.tensor('hidden');
    const range = 1 / Math.sqrt(inputs);
    for (let i = 0; i < inputs * hidden; i++) engine.floats[(pointer >> 2) + i] = (2 * uniform() - 1) * range;
  }
  /** Log-probabilities of all actions in all states, as one column. */
  const column = (tape: Tape, input: Tensor): Tensor => {
    const terms: [Tensor, Tensor][] = [[input, parameters.tensor('linear')]];
    if (hidden > 0) {
      const units = tape.softsign(tape.matmulSum([[input, parameters.tensor('hidden')]]));
      terms.push([units, parameters.tensor('output')]);
    }
    const logits = tape.matmulSum(terms);
    const lengths = Array.from({ length: input.rows }, () => actions);
    return tape.logSoftmax({ ...logits, rows: input.rows * actions, columns: 1 }, makeSegments(engine, lengths));
  };
  const known = new Map<Float32Array, Float32Array>();
  const logProbabilities = (features: Float32Array): Float32Array => {
    const found = known.get(features);
    if (found) return found;
    const mark = engine.mark();
    const tape = makeTape(engine, { recording: false });
    const { pointer } = column(tape, tape.constant(1, inputs, features));
    const result = engine.floats.slice(pointer >> 2, (pointer >> 2) + actions);
    engine.release(mark);
    known.set(features, result);
    return result;
  };
  const taking = (features: Float32Array, action: number): Step => {
    return { features, action, logProbability: logProbabilities(features)[action] as number };
  };
  return {
    policy: unused,
    imitate: () => unused,
    isWithinReach: () => true,
    parameters,
    heads: [{ name: 'action', entropyTarget }],
    changed: () => known.clear(),
    taking,
    probabilities: (features) => [...logProbabilities(features)].map(Math.exp),
    act: (features, stream) => {
      const logs = logProbabilities(features);
      let rest = stream.uniform();
      let action = 0;
      while (action < actions - 1 && (rest -= Math.exp(logs[action] as number)) >= 0) action += 1;
      return taking(features, action);
    },
    stateSize: inputs,
    states: (session) => {
      const { steps, after } = session as ControlSession;
      return { acted: steps.map(({ features }) => features), after };
    },
    choices: (session) => stepsOf(session).map(({ logProbability }, turn) => ({ turn, logProbability })),
    open: (sessions) => {
      const mark = engine.mark();
      const all = sessions.flatMap(stepsOf);
      const flat = new Float32Array(all.length * inputs);
      all.forEach(({ features }, i) => flat.set(features, i * inputs));
      const input = makeTape(engine).constant(all.length, inputs, flat);
      const choices = sessions.flatMap((one, session) =>
        stepsOf(one).map(({ action }, index) => ({ session, index, candidates: actions, chosen: action })),
      );
      const lengths = sessions.map((session) => stepsOf(session).length);
      const chunk = { head: 0, choices, record: (tape: Tape) => column(tape, input) };
      return { ...chunkedBatch(engine, [chunk], lengths, 1), close: () => engine.release(mark) };
    },
  };
}

const stepsOf = (session: PolicySession) => (session as ControlSession).steps;

const hiddenShapes = (inputs: number, hidden: number, actions: number) => [
  { name: 'hidden', rows: inputs, columns: hidden },
  { name: 'output', rows: hidden, columns: actions },
];

/** Control problems are acted in by `play`, not through the world of tools. */
const unused: Policy = {
  name: 'control',
  start: () => {
    throw new Error('a control problem has no episode of tools');
  },
};
