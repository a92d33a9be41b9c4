import { randomStream, seedOf } from '../../core/seeds.ts';
import { makeEngine } from '../../core/tensor/engine.ts';
import { makeParameters, type Parameters } from '../../core/tensor/optimiser.ts';
import { makeBags, makeSelection, makeTape, type Tape, type Tensor } from '../../core/tensor/tape.ts';
import { ownNames, sharedNames, vectorSize, type EncodedClause } from './encode.ts';
import { mixed } from './mixture.ts';
import { buckets } from './words.ts';

const width = 64;
const hidden = 96;
/** Things that a criterion can ask about, more than are named in training. */
export const aspects = 60;
const columnsOf = (count: number) => (count + 3) & ~3;
const [sharedColumns, ownColumns, vectorColumns] = [sharedNames.length, ownNames.length, vectorSize].map(columnsOf) as [
  number,
  number,
  number,
];

/** Clauses asked of trajectories: `of[i]` is the row in `shared` of the trajectory that clause i is asked of. */
export interface Questions {
  readonly shared: readonly Float32Array[];
  readonly of: readonly number[];
  readonly clauses: readonly EncodedClause[];
}

/** Rows per clause: which aspect it asks about, straight (the first half of the columns) or turned round, and what is said of each. */
export interface Answers {
  readonly asked: Tensor;
  readonly said: Tensor;
}

/**
 * Two halves that meet in aspects. One reads the words of a clause and says which aspect is asked about, and which way; the
 * other reads trajectory and mentions and says of every aspect whether it holds. So what is learnt of an aspect in one wording
 * holds in all that are understood.
 */
export interface JudgeNetwork {
  readonly parameters: Parameters;
  readonly forward: (tape: Tape, questions: Questions) => Answers;
  /** The logits of clauses alone. */
  readonly logits: (questions: Questions) => Float32Array;
}

export function makeJudgeNetwork(seed: number): JudgeNetwork {
  const engine = makeEngine(64);
  const parameters = makeParameters(engine, [
    { name: 'embedding', rows: buckets, columns: width },
    { name: 'vectors', rows: vectorColumns, columns: width },
    { name: 'asked', rows: width, columns: 2 * aspects },
    { name: 'asked of vectors', rows: vectorColumns, columns: 2 * aspects },
    { name: 'shared', rows: sharedColumns, columns: hidden },
    { name: 'own', rows: ownColumns, columns: hidden },
    { name: 'said', rows: hidden, columns: aspects },
    { name: 'said of shared', rows: sharedColumns, columns: aspects },
    { name: 'said of own', rows: ownColumns, columns: aspects },
  ]);
  initialise(parameters, seed);
  const { tensor } = parameters;

  const forward = (tape: Tape, { shared, of, clauses }: Questions): Answers => {
    const rowsOf = (rows: readonly Float32Array[], columns: number) =>
      tape.constant(rows.length, columns, joined(rows, columns));
    const bags = makeBags(
      engine,
      clauses.map(({ words }) => words.ids),
      clauses.map(({ words }) => words.weights),
    );
    const vectors = rowsOf(
      clauses.map(({ vector }) => vector),
      vectorColumns,
    );
    const text = tape.relu(
      tape.add(tape.bagSum(tensor('embedding'), bags), tape.matmulSum([[vectors, tensor('vectors')]])),
    );
    const asked = tape.matmulSum([
      [text, tensor('asked')],
      [vectors, tensor('asked of vectors')],
    ]);
    const trajectories = rowsOf(shared, sharedColumns);
    const own = rowsOf(
      clauses.map((one) => one.own),
      ownColumns,
    );
    const rows = makeSelection(engine, of);
    const spread = (name: string) => tape.bagSum(tape.matmulSum([[trajectories, tensor(name)]]), rows);
    const seen = tape.relu(tape.add(spread('shared'), tape.matmulSum([[own, tensor('own')]])));
    const said = tape.add(
      spread('said of shared'),
      tape.matmulSum([
        [seen, tensor('said')],
        [own, tensor('said of own')],
      ]),
    );
    return { asked, said };
  };
  return {
    parameters,
    forward,
    logits: (questions) => {
      const mark = engine.mark();
      const { asked, said } = forward(makeTape(engine, { recording: false }), questions);
      const result = mixed(engine.floats, asked, said).logits;
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
  fill('embedding', 0.3);
  for (const name of ['vectors', 'asked', 'asked of vectors']) fill(name, 0.2);
  for (const name of ['shared', 'own']) fill(name, 0.15);
  for (const name of ['said', 'said of shared', 'said of own']) fill(name, 0.1);
}
