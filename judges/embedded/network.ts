import { randomStream, seedOf } from '../../core/seeds.ts';
import { makeEngine } from '../../core/tensor/engine.ts';
import { makeParameters, type Parameters } from '../../core/tensor/optimiser.ts';
import { makeBags, makeSelection, makeTape, type Tape, type Tensor } from '../../core/tensor/tape.ts';
import { ownNames, sharedNames, type EncodedCriterion } from './encode.ts';
import { buckets } from './words.ts';

const width = 24;
const hidden = 64;
const second = 32;
const columnsOf = (names: readonly string[]) => (names.length + 3) & ~3;
const [sharedColumns, ownColumns] = [columnsOf(sharedNames), columnsOf(ownNames)];

/** Criteria asked of trajectories: `of[i]` is the row in `shared` of the trajectory that criterion i is asked of. */
export interface Questions {
  readonly shared: readonly Float32Array[];
  readonly of: readonly number[];
  readonly criteria: readonly EncodedCriterion[];
}

/**
 * A perceptron over a trajectory's numbers (once per trajectory), a criterion's numbers and the embedded words of the
 * criterion; the words also weigh the other two, so that they decide which numbers count and which way. What is weighed
 * goes to the output directly, too: where signs meet that no defect shows together, their sum goes less astray.
 */
export interface JudgeNetwork {
  readonly parameters: Parameters;
  /** A column of logits. */
  readonly forward: (tape: Tape, questions: Questions) => Tensor;
  /** The logits alone. */
  readonly logits: (questions: Questions) => Float32Array;
}

export function makeJudgeNetwork(seed: number): JudgeNetwork {
  const engine = makeEngine(64);
  const parameters = makeParameters(engine, [
    { name: 'embedding', rows: buckets, columns: width },
    { name: 'shared', rows: sharedColumns, columns: hidden },
    { name: 'own', rows: ownColumns, columns: hidden },
    { name: 'words', rows: width, columns: hidden },
    { name: 'shared weighed', rows: sharedColumns, columns: hidden },
    { name: 'own weighed', rows: ownColumns, columns: hidden },
    { name: 'weights by words', rows: width, columns: hidden },
    { name: 'second', rows: hidden, columns: second },
    { name: 'output', rows: second, columns: 1 },
    { name: 'direct', rows: hidden, columns: 1 },
  ]);
  initialise(parameters, seed);
  const { tensor } = parameters;

  const forward = (tape: Tape, { shared, of, criteria }: Questions): Tensor => {
    const bags = makeBags(
      engine,
      criteria.map(({ words }) => words.ids),
      criteria.map(({ words }) => words.weights),
    );
    const words = tape.bagSum(tensor('embedding'), bags);
    const trajectories = tape.constant(shared.length, sharedColumns, joined(shared, sharedColumns));
    const own = tape.constant(
      criteria.length,
      ownColumns,
      joined(
        criteria.map((one) => one.own),
        ownColumns,
      ),
    );
    const rows = makeSelection(engine, of);
    const plain = tape.bagSum(tape.matmulSum([[trajectories, tensor('shared')]]), rows);
    const weighed = tape.bagSum(tape.matmulSum([[trajectories, tensor('shared weighed')]]), rows);
    const asked = tape.matmulSum([
      [own, tensor('own')],
      [words, tensor('words')],
    ]);
    const numbers = tape.add(weighed, tape.matmulSum([[own, tensor('own weighed')]]));
    const product = tape.multiply(numbers, tape.matmulSum([[words, tensor('weights by words')]]));
    const first = tape.relu(tape.add(tape.add(plain, asked), product));
    const next = tape.relu(tape.matmulSum([[first, tensor('second')]]));
    return tape.matmulSum([
      [next, tensor('output')],
      [product, tensor('direct')],
    ]);
  };
  return {
    parameters,
    forward,
    logits: (questions) => {
      const mark = engine.mark();
      const column = forward(makeTape(engine, { recording: false }), questions);
      const result = engine.floats.slice(column.pointer >> 2, (column.pointer >> 2) + column.rows);
      engine.release(mark);
      return result;
    },
  };
}

function joined(rows: readonly Float32Array[], columns: number): Float32Array {
  const all = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => all.set(row, index * columns));
  return all;
}

function initialise({ engine, tensor }: Parameters, seed: number): void {
  const fill = (name: string, scale: number) => {
    const { pointer, rows, columns } = tensor(name);
    const { uniform } = randomStream(seedOf('embedded judge', seed, name));
    const first = pointer >> 2;
    for (let at = first; at < first + rows * columns; at++) engine.floats[at] = scale * (2 * uniform() - 1);
  };
  fill('embedding', 0.5);
  for (const name of ['shared', 'own', 'shared weighed', 'own weighed']) fill(name, 0.15);
  for (const name of ['words', 'weights by words']) fill(name, 0.4);
  fill('second', 0.2);
  for (const name of ['output', 'direct']) fill(name, 0.2);
}
