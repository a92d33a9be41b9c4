import type { Engine } from '../../core/tensor/engine.ts';
import { makeTape, type Tape, type Tensor } from '../../core/tensor/tape.ts';
import type { ChoiceLoss, LearningBatch } from './trainable.ts';

/** One choice of a batch: `index` is its place among its session's choices. */
export interface LaidChoice {
  readonly session: number;
  readonly index: number;
  /** At least two. */
  readonly candidates: number;
  readonly chosen: number;
}

/** Choices of one head, laid out in the engine; `record` gives their candidates' log-probabilities as one column. */
export interface Chunk {
  readonly head: number;
  readonly choices: readonly LaidChoice[];
  readonly record: (tape: Tape) => Tensor;
}

/** A batch of chunks; `lengths` holds the number of choices of each session, `heads` the number of kinds. */
export function chunkedBatch(
  engine: Engine,
  chunks: readonly Chunk[],
  lengths: readonly number[],
  heads: number,
): Pick<LearningBatch, 'logProbabilities' | 'accumulate'> {
  return {
    logProbabilities: () => {
      const result = lengths.map((length) => new Float64Array(length));
      for (const { choices, record } of chunks) {
        const mark = engine.mark();
        let at = record(makeTape(engine, { recording: false })).pointer >> 2;
        for (const { session, index, candidates, chosen } of choices) {
          (result[session] as Float64Array)[index] = engine.floats[at + chosen] as number;
          at += candidates;
        }
        engine.release(mark);
      }
      return result;
    },
    accumulate: (loss) => {
      const entropy = Array.from({ length: heads }, () => ({ sum: 0, count: 0 }));
      for (const { head, choices, record } of chunks) {
        const mark = engine.mark();
        const tape = makeTape(engine);
        const sum = choiceLoss(engine, tape, record(tape), choices, loss, loss.entropy[head] ?? 0);
        tape.backward();
        engine.release(mark);
        const headSums = entropy[head] as { sum: number; count: number };
        headSums.sum += sum;
        headSums.count += choices.length;
      }
      return entropy;
    },
  };
}

/** Sets the column's gradient by a step on the tape; returns Σ of entropies (natural log). */
function choiceLoss(
  engine: Engine,
  tape: Tape,
  logProbabilities: Tensor,
  choices: readonly LaidChoice[],
  loss: ChoiceLoss,
  entropyWeight: number,
): number {
  const { floats } = engine;
  const gradients = new Float32Array(logProbabilities.rows);
  let [first, sum] = [0, 0];
  for (const { session, index, candidates, chosen } of choices) {
    const at = (logProbabilities.pointer >> 2) + first;
    gradients[first + chosen] = loss.slope(session, index, floats[at + chosen] as number);
    const weight = (loss.weights[session] ?? 0) * entropyWeight;
    for (let i = 0; i < candidates; i++) {
      const log = floats[at + i] as number;
      const probability = Math.exp(log);
      sum -= probability * log;
      gradients[first + i] = (gradients[first + i] as number) + weight * probability * (log + 1);
    }
    first += candidates;
  }
  tape.custom(() => {
    const at = logProbabilities.gradient >> 2;
    for (let i = 0; i < gradients.length; i++) floats[at + i] = (floats[at + i] as number) + (gradients[i] as number);
  });
  return sum;
}
