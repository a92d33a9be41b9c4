import { randomStream, seedOf } from '../../core/seeds.ts';
import { makeAdam } from '../../core/tensor/optimiser.ts';
import { makeTape } from '../../core/tensor/tape.ts';
import type { EncodedCriterion, EncodedTrajectory } from './encode.ts';
import { makeJudgeNetwork, type JudgeNetwork, type Questions } from './network.ts';

/** A criterion of a trajectory with its truth. */
export interface Example {
  readonly trajectory: EncodedTrajectory;
  readonly criterion: EncodedCriterion;
  readonly label: 0 | 1;
  readonly weight: number;
}

export interface TrainingOptions {
  readonly seed: number;
  /** Passes over the examples, each the examples that `draw` gives for it. */
  readonly passes: number;
  readonly draw: (pass: number) => readonly Example[];
  readonly onPass?: (pass: number, loss: number) => void;
}

const batchSize = 128;
const highestRate = 0.003;
/** Small weights go less astray where two things meet that no defect shows together. */
const weightDecay = 0.3;

/** Cross-entropy by Adam with decoupled weight decay (Loshchilov & Hutter 2019), its rate falling to nought along a half cosine. Equal examples give equal bytes. */
export function trainJudge({ seed, passes, draw, onPass }: TrainingOptions): JudgeNetwork {
  const network = makeJudgeNetwork(seed);
  const { parameters } = network;
  const adam = makeAdam(parameters, { beta2: 0.999, epsilon: 1e-7 });
  for (let pass = 0; pass < passes; pass++) {
    const examples = randomStream(seedOf('embedded judge', seed, 'order', pass)).shuffle(draw(pass));
    const batches = Math.ceil(examples.length / batchSize);
    let loss = 0;
    for (let batch = 0; batch < batches; batch++) {
      const progress = (pass + batch / batches) / passes;
      loss += learn(network, examples.slice(batch * batchSize, (batch + 1) * batchSize));
      const rate = highestRate * 0.5 * (1 + Math.cos(Math.PI * progress));
      adam.step(rate, 1);
      decay(parameters.values, 1 - weightDecay * rate);
    }
    onPass?.(pass, loss / Math.max(1, examples.length));
  }
  return network;
}

function decay(values: Float32Array, factor: number): void {
  for (let at = 0; at < values.length; at++) values[at] = (values[at] as number) * factor;
}

/** Adds a batch's gradient; returns the sum of its losses. */
function learn({ parameters, forward }: JudgeNetwork, batch: readonly Example[]): number {
  const { engine } = parameters;
  const mark = engine.mark();
  const tape = makeTape(engine);
  const column = forward(tape, questionsOf(batch));
  let loss = 0;
  batch.forEach(({ label, weight }, index) => {
    const probability = sigmoid(engine.floats[(column.pointer >> 2) + index] as number);
    engine.floats[(column.gradient >> 2) + index] = (weight * (probability - label)) / batch.length;
    loss -= weight * Math.log(Math.max(1e-9, label === 1 ? probability : 1 - probability));
  });
  tape.backward();
  engine.release(mark);
  return loss;
}

/** Trajectories of examples, each once. */
export function questionsOf(examples: readonly Pick<Example, 'trajectory' | 'criterion'>[]): Questions {
  const rows = new Map<EncodedTrajectory, number>();
  const of = examples.map(({ trajectory }) => {
    const row = rows.get(trajectory) ?? rows.size;
    rows.set(trajectory, row);
    return row;
  });
  return { shared: [...rows.keys()].map(({ shared }) => shared), of, criteria: examples.map((one) => one.criterion) };
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
