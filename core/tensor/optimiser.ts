import type { Engine } from './engine.ts';
import type { Tensor } from './tape.ts';

/** A named matrix of a network's weights. */
export interface ParameterShape {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
}

/** All weights of a network in one block, so that clipping, Adam and saving see one vector. */
export interface Parameters {
  readonly engine: Engine;
  /** Names and shapes; two networks can exchange weights exactly when these texts are equal. */
  readonly signature: string;
  readonly count: number;
  /** Live view of all weights. */
  readonly values: Float32Array;
  readonly gradients: Float32Array;
  readonly tensor: (name: string) => Tensor;
}

export function makeParameters(engine: Engine, shapes: readonly ParameterShape[]): Parameters {
  const padded = (shape: ParameterShape) => (shape.rows * shape.columns + 3) & ~3;
  const count = shapes.reduce((sum, shape) => sum + padded(shape), 0);
  const [pointer, gradient] = [engine.allocate(count), engine.allocate(count)];
  const tensors = new Map<string, Tensor>();
  let at = 0;
  for (const shape of shapes) {
    const { name, rows, columns } = shape;
    tensors.set(name, { pointer: pointer + at * 4, gradient: gradient + at * 4, rows, columns });
    at += padded(shape);
  }
  return {
    engine,
    signature: shapes.map(({ name, rows, columns }) => `${name} ${rows}x${columns}`).join(', '),
    count,
    values: engine.floats.subarray(pointer >> 2, (pointer >> 2) + count),
    gradients: engine.floats.subarray(gradient >> 2, (gradient >> 2) + count),
    tensor: (name) => {
      const tensor = tensors.get(name);
      if (!tensor) throw new RangeError(`The network has no parameter ${name}.`);
      return tensor;
    },
  };
}

/** Adam with clipping of the gradient's norm (Kingma & Ba 2015, algorithm 1; Pascanu et al. 2013). */
export interface Optimiser {
  readonly steps: () => number;
  /** One step along the gradients, which are then zero. Returns their norm before clipping; throws where it is no number. */
  readonly step: (rate: number, largestNorm: number) => number;
  /** First and second moments, live. */
  readonly moments: Float32Array;
  readonly setSteps: (steps: number) => void;
}

export function makeAdam(parameters: Parameters, { beta1 = 0.9, beta2 = 0.99, epsilon = 1e-5 } = {}): Optimiser {
  const { engine, count } = parameters;
  const mean = engine.allocate(count * 2);
  const square = mean + count * 4;
  let steps = 0;
  return {
    steps: () => steps,
    moments: engine.floats.subarray(mean >> 2, (mean >> 2) + count * 2),
    setSteps: (value) => {
      steps = value;
    },
    step: (rate, largestNorm) => {
      const gradient = parameters.gradients.byteOffset;
      const norm = Math.sqrt(engine.kernel.sumOfSquares(gradient, count));
      if (!Number.isFinite(norm)) {
        parameters.gradients.fill(0);
        throw new Error(`the gradient has norm ${norm}; no weight was changed. Lower the learning rate.`);
      }
      const scale = norm > largestNorm ? largestNorm / norm : 1;
      steps += 1;
      const second = Math.sqrt(1 - beta2 ** steps);
      const corrected = (rate * second) / (1 - beta1 ** steps);
      const values = parameters.values.byteOffset;
      engine.kernel.adam(values, gradient, mean, square, count, corrected, beta1, beta2, epsilon * second, scale);
      parameters.gradients.fill(0);
      return norm;
    },
  };
}
