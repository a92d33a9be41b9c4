import { randomStream, seedOf } from '../../core/seeds.ts';
import { makeEngine } from '../../core/tensor/engine.ts';
import { makeAdam, makeParameters } from '../../core/tensor/optimiser.ts';
import { makeTape, type Tape, type Tensor } from '../../core/tensor/tape.ts';

/** A critic of its own: a small network over what a policy says of its states, with its own optimiser. */
export interface ValueFunction {
  readonly values: (states: readonly Float32Array[]) => number[];
  /** Steps along the mean squared error's gradient, on all states at once. Returns the first step's loss, ½ mean error². */
  readonly fit: (states: readonly Float32Array[], targets: readonly number[], rate: number, passes: number) => number;
  /** Everything that it has learnt, exactly. */
  readonly save: () => readonly number[];
  readonly restore: (numbers: readonly number[]) => void;
}

const hidden = 32;
/** Share of the old mean and spread of targets that is kept at each fit. */
const memory = 0.9;
const largestNorm = 10;

/**
 * Two layers of softsign units beside a linear term. It predicts targets less their moving mean, over their moving spread,
 * so that its learning rate means the same for rewards of any size (Andrychowicz et al. 2021, arXiv:2006.05990, §3.3).
 */
export function makeValueFunction(stateSize: number): ValueFunction {
  const network = makeNetwork(stateSize);
  const { parameters, optimiser } = network;
  let moments = { weight: 0, sum: 0, squares: 0 };
  const scale = () => {
    const mean = moments.sum / Math.max(1, moments.weight);
    const variance = moments.squares / Math.max(1, moments.weight) - mean ** 2;
    return { mean, spread: variance > 1e-8 ? Math.sqrt(variance) : 1 };
  };
  return {
    values: (states) => {
      const { mean, spread } = scale();
      return network.outputs(states).map((value) => mean + spread * value);
    },
    fit: (states, targets, rate, passes) => {
      if (states.length === 0) return 0;
      moments = {
        weight: moments.weight * memory + targets.length,
        sum: moments.sum * memory + targets.reduce((sum, target) => sum + target, 0),
        squares: moments.squares * memory + targets.reduce((sum, target) => sum + target ** 2, 0),
      };
      const { mean, spread } = scale();
      const scaled = targets.map((target) => (target - mean) / spread);
      const losses = Array.from({ length: passes }, () => network.step(states, scaled, rate));
      return (losses[0] ?? 0) * spread ** 2;
    },
    save: () => {
      const { weight, sum, squares } = moments;
      return [optimiser.steps(), weight, sum, squares, ...parameters.values, ...optimiser.moments];
    },
    restore: ([steps = 0, weight = 0, sum = 0, squares = 0, ...rest]) => {
      optimiser.setSteps(steps);
      moments = { weight, sum, squares };
      parameters.values.set(rest.slice(0, parameters.count));
      optimiser.moments.set(rest.slice(parameters.count));
    },
  };
}

function makeNetwork(stateSize: number) {
  // One more column holds ones; rows fill whole SIMD registers.
  const columns = (stateSize + 4) & ~3;
  const engine = makeEngine(64);
  const parameters = makeParameters(engine, [
    { name: 'first', rows: columns, columns: hidden },
    { name: 'second', rows: hidden, columns: hidden },
    { name: 'output', rows: hidden, columns: 1 },
    { name: 'linear', rows: columns, columns: 1 },
  ]);
  const { uniform } = randomStream(seedOf('value function'));
  for (const name of ['first', 'second']) {
    const { pointer, rows } = parameters.tensor(name);
    const range = 1 / Math.sqrt(rows);
    for (let i = 0; i < rows * hidden; i++) engine.floats[(pointer >> 2) + i] = (2 * uniform() - 1) * range;
  }
  const optimiser = makeAdam(parameters);
  const predict = (tape: Tape, states: readonly Float32Array[]): Tensor => {
    const flat = new Float32Array(states.length * columns);
    states.forEach((state, row) => {
      flat.set(state, row * columns);
      flat[row * columns + stateSize] = 1;
    });
    const input = tape.constant(states.length, columns, flat);
    const first = tape.softsign(tape.matmulSum([[input, parameters.tensor('first')]]));
    const second = tape.softsign(tape.matmulSum([[first, parameters.tensor('second')]]));
    return tape.matmulSum([
      [second, parameters.tensor('output')],
      [input, parameters.tensor('linear')],
    ]);
  };
  return {
    parameters,
    optimiser,
    outputs: (states: readonly Float32Array[]): number[] => {
      const mark = engine.mark();
      const { pointer, rows } = predict(makeTape(engine, { recording: false }), states);
      const result = [...engine.floats.subarray(pointer >> 2, (pointer >> 2) + rows)];
      engine.release(mark);
      return result;
    },
    /** One step; the loss before it. */
    step: (states: readonly Float32Array[], targets: readonly number[], rate: number): number => {
      const mark = engine.mark();
      const tape = makeTape(engine);
      const { pointer, gradient, rows } = predict(tape, states);
      let loss = 0;
      for (let i = 0; i < rows; i++) {
        const error = (engine.floats[(pointer >> 2) + i] as number) - (targets[i] as number);
        loss += (error * error) / 2 / rows;
        engine.floats[(gradient >> 2) + i] = error / rows;
      }
      tape.backward();
      engine.release(mark);
      optimiser.step(rate, largestNorm);
      return loss;
    },
  };
}
