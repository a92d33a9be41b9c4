import { randomStream, seedOf } from '../../core/seeds.ts';
import { makeAdam } from '../../core/tensor/optimiser.ts';
import { makeTape } from '../../core/tensor/tape.ts';
import type { EncodedCriterion, EncodedTrajectory } from './encode.ts';
import { mixed, unmixed, type Aspect } from './mixture.ts';
import { makeJudgeNetwork, type JudgeNetwork, type Questions } from './network.ts';

/** A criterion of a trajectory with its truth. */
export interface Example {
  readonly trajectory: EncodedTrajectory;
  readonly criterion: EncodedCriterion;
  /** What its clauses ask about, where that is known of as many. */
  readonly aspects: readonly Aspect[];
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
const weightDecay = 0.1;
/** What knowing the aspect counts beside knowing the answer. */
const aspectWeight = 0.3;

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
  const answers = forward(tape, questionsOf(batch));
  const clauses = mixed(engine.floats, answers.asked, answers.said);
  const slopes = new Float32Array(clauses.logits.length);
  let loss = 0;
  let at = 0;
  for (const { criterion, label, weight } of batch) {
    const joint = jointLogit(clauses.logits.subarray(at, at + criterion.length));
    const probability = sigmoid(joint.logit);
    joint.shares.forEach((share, index) => {
      slopes[at + index] = (share * weight * (probability - label)) / batch.length;
    });
    loss -= weight * Math.log(Math.max(1e-9, label === 1 ? probability : 1 - probability));
    at += criterion.length;
  }
  const known = batch.flatMap(({ criterion, aspects }) =>
    criterion.map((_, index) => (aspects.length === criterion.length ? (aspects[index] ?? null) : null)),
  );
  unmixed(engine.floats, answers, clauses, slopes, known, aspectWeight / batch.length);
  tape.backward();
  engine.release(mark);
  return loss;
}

/**
 * Logit of all clauses holding: −log Σ e^−l, close to the least of them, a single clause's own; and the share of each in its
 * slope.
 */
export function jointLogit(logits: Float32Array): { readonly logit: number; readonly shares: readonly number[] } {
  const least = Math.min(...logits);
  const parts = [...logits].map((logit) => Math.exp(least - logit));
  const sum = parts.reduce((total, part) => total + part, 0);
  return { logit: least - Math.log(sum), shares: parts.map((part) => part / sum) };
}

/** Criteria at once, as many as find room in the network's memory whatever their clauses. */
const mostAtOnce = 1024;

/** Logits of whole criteria. */
export function logitsOf(
  network: JudgeNetwork,
  examples: readonly Pick<Example, 'trajectory' | 'criterion'>[],
): number[] {
  const found: number[] = [];
  for (let from = 0; from < examples.length; from += mostAtOnce) {
    const part = examples.slice(from, from + mostAtOnce);
    const logits = network.logits(questionsOf(part));
    let at = 0;
    for (const { criterion } of part) {
      found.push(jointLogit(logits.subarray(at, at + criterion.length)).logit);
      at += criterion.length;
    }
  }
  return found;
}

/** Clauses of examples in their order; trajectories each once. */
export function questionsOf(examples: readonly Pick<Example, 'trajectory' | 'criterion'>[]): Questions {
  const rows = new Map<EncodedTrajectory, number>();
  const of = examples.flatMap(({ trajectory, criterion }) => {
    const row = rows.get(trajectory) ?? rows.size;
    rows.set(trajectory, row);
    return criterion.map(() => row);
  });
  return {
    shared: [...rows.keys()].map(({ shared }) => shared),
    of,
    clauses: examples.flatMap(({ criterion }) => criterion),
  };
}

export const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit));
