import type { Execution } from '../../core/execution.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import { makeEngine, type Engine } from '../../core/tensor/engine.ts';
import { makeParameters, type Parameters, type ParameterShape } from '../../core/tensor/optimiser.ts';
import { makeBags, makeSegments, makeSelection, makeTape } from '../../core/tensor/tape.ts';
import type { Bags, Segments, Tape, Tensor } from '../../core/tensor/tape.ts';
import { headsOf, scalarCount, type Head, type HeadName } from './heads.ts';
import { networkSettings, type NetworkSettings } from './settings.ts';
import { buckets, type Text } from './text.ts';

const width = 24;
const hidden = 32;
/** Texts whose vectors are kept between two versions of the weights. */
const cachedTexts = 8192;

/** What one choice is made from: the logits are a function of these and of the weights alone. */
export interface Question {
  readonly head: HeadName;
  /** Texts whose vectors are summed. */
  readonly query: readonly Text[];
  readonly candidates: readonly Text[];
  /** As many numbers per candidate as the head has columns. */
  readonly scalars: Float32Array;
}

/** Answers a question by the place of a candidate, or −1. `fits` tells which candidates a teacher would take. */
export type Choose = (question: Question, fits: (candidate: number) => boolean) => number;

/**
 * The network of the pointer policy: hashed embeddings shared by everything, and per head a linear term over the scalars
 * plus a small perceptron over [query, candidate, query ∘ candidate, scalars]. At the start the perceptron's output is
 * nil and the linear term holds generic weights, so that the untrained policy is a soft retrieval policy.
 */
export interface Network {
  readonly parameters: Parameters;
  /** Kinds of questions that it answers, in the order of their weights. */
  readonly heads: readonly Head[];
  /** Natural log-probabilities of one question's candidates. */
  readonly logProbabilities: (question: Question) => Float32Array;
  /**
   * The same for many questions of one head, on a tape: a column of all candidates in order. What it prepares lies in the
   * engine until the caller releases it.
   */
  readonly prepare: (questions: readonly Question[]) => (tape: Tape) => Tensor;
  /** Forgets what was computed from older weights. */
  readonly changed: () => void;
}

export function makeNetwork(
  seed: number,
  settings: NetworkSettings = networkSettings.defaults,
  execution: Execution = 'calls',
): Network {
  const engine = makeEngine();
  const heads = headsOf(execution);
  const parameters = makeParameters(engine, [
    { name: 'embedding', rows: buckets, columns: width },
    ...heads.flatMap((head) => shapesOf(head, settings)),
  ]);
  initialise(parameters, heads, seed, settings);
  const embedding = parameters.tensor('embedding');
  const headOf = new Map(heads.map(({ name }) => [name, headWeights(parameters, name, settings)]));
  const weightsOf = (head: HeadName = 'kind') => headOf.get(head) as HeadWeights;
  const cache: Tensor = {
    pointer: engine.allocate(cachedTexts * width),
    gradient: 0,
    rows: cachedTexts,
    columns: width,
  };
  const rows = new Map<Text, number>();

  /** Rows of the cache that hold the texts, computing those that are new. */
  const ensure = (texts: readonly Text[]): void => {
    let fresh = texts.filter((text) => !rows.has(text));
    if (fresh.length === 0) return;
    if (rows.size + fresh.length > cachedTexts) {
      rows.clear();
      fresh = [...texts];
    }
    const unique = [...new Set(fresh)];
    const first = rows.size;
    unique.forEach((text, i) => rows.set(text, first + i));
    const bags = makeBags(
      engine,
      unique.map((text) => text.ids),
      unique.map((text) => text.weights),
    );
    const to = cache.pointer + first * width * 4;
    engine.kernel.gatherSum(embedding.pointer, width, bags.ids, bags.weights, bags.offsets, bags.count, to, false);
  };

  return {
    parameters,
    heads,
    changed: () => rows.clear(),
    logProbabilities: (question) => {
      const mark = engine.mark();
      ensure([...question.query, ...question.candidates]);
      const tape = makeTape(engine, { recording: false });
      const column = forward(tape, weightsOf(question.head), cache, layOut(engine, rows, [question]));
      const result = engine.floats.slice(column.pointer >> 2, (column.pointer >> 2) + column.rows);
      engine.release(mark);
      return result;
    },
    prepare: (questions) => {
      const local = new Map<Text, number>();
      for (const { query, candidates } of questions) {
        for (const text of query) if (!local.has(text)) local.set(text, local.size);
        for (const text of candidates) if (!local.has(text)) local.set(text, local.size);
      }
      const texts = [...local.keys()];
      const bags = makeBags(
        engine,
        texts.map((text) => text.ids),
        texts.map((text) => text.weights),
      );
      const layout = layOut(engine, local, questions);
      const weights = weightsOf(questions[0]?.head);
      return (tape) => forward(tape, weights, tape.bagSum(embedding, bags), layout);
    },
  };
}

function shapesOf(head: Head, { scalars }: NetworkSettings): ParameterShape[] {
  const { name } = head;
  const ifRead = <T>(part: T): T[] => (scalars ? [part] : []);
  return [
    { name: `${name}.query`, rows: width, columns: hidden },
    { name: `${name}.candidate`, rows: width, columns: hidden },
    { name: `${name}.product`, rows: width, columns: hidden },
    ...ifRead({ name: `${name}.scalars`, rows: scalarCount(head), columns: hidden }),
    { name: `${name}.output`, rows: hidden, columns: 1 },
    ...ifRead({ name: `${name}.linear`, rows: scalarCount(head), columns: 1 }),
  ];
}

/** Where the rows of a batch of questions come from; lies in the engine, the same for every pass over the batch. */
interface Layout {
  readonly query: Bags;
  readonly candidate: Bags;
  /** Row of each candidate's question. */
  readonly question: Bags;
  readonly features: Tensor;
  readonly segments: Segments;
}

function layOut(engine: Engine, row: ReadonlyMap<Text, number>, questions: readonly Question[]): Layout {
  const rowOf = (text: Text) => row.get(text) as number;
  const lengths = questions.map(({ candidates }) => candidates.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const candidateRows = new Uint32Array(total);
  const questionRows = new Uint32Array(total);
  const columns = (questions[0]?.scalars.length ?? 0) / (questions[0]?.candidates.length ?? 1);
  const features = { pointer: engine.allocate(total * columns), gradient: 0, rows: total, columns };
  let at = 0;
  questions.forEach((question, i) => {
    engine.floats.set(question.scalars, (features.pointer >> 2) + at * columns);
    for (const text of question.candidates) {
      questionRows[at] = i;
      candidateRows[at++] = rowOf(text);
    }
  });
  return {
    query: makeBags(
      engine,
      questions.map(({ query }) => query.map(rowOf)),
    ),
    candidate: makeSelection(engine, candidateRows),
    question: makeSelection(engine, questionRows),
    features,
    segments: makeSegments(engine, lengths),
  };
}

/** Log-probabilities of all candidates in order, given the vectors of their texts. */
function forward(tape: Tape, weights: HeadWeights, texts: Tensor, layout: Layout): Tensor {
  const { features } = layout;
  const queries = tape.bagSum(texts, layout.query);
  const candidate = tape.bagSum(texts, layout.candidate);
  const product = tape.multiply(candidate, tape.bagSum(queries, layout.question));
  const queryPart = tape.bagSum(tape.matmulSum([[queries, weights.query]]), layout.question);
  const { scalars } = weights;
  const mixed = tape.matmulSum([
    [candidate, weights.candidate],
    [product, weights.product],
    ...(scalars ? [[features, scalars.hidden] as const] : []),
  ]);
  const activity = tape.softsign(tape.add(mixed, queryPart));
  const logits = tape.matmulSum([
    [activity, weights.output],
    ...(scalars ? [[features, scalars.linear] as const] : []),
  ]);
  return tape.logSoftmax(logits, layout.segments);
}

interface HeadWeights extends Readonly<Record<'query' | 'candidate' | 'product' | 'output', Tensor>> {
  readonly scalars?: { readonly hidden: Tensor; readonly linear: Tensor };
}

function headWeights({ tensor }: Parameters, head: HeadName, { scalars }: NetworkSettings): HeadWeights {
  return {
    query: tensor(`${head}.query`),
    candidate: tensor(`${head}.candidate`),
    product: tensor(`${head}.product`),
    output: tensor(`${head}.output`),
    ...(scalars ? { scalars: { hidden: tensor(`${head}.scalars`), linear: tensor(`${head}.linear`) } } : {}),
  };
}

function initialise(
  { engine, tensor }: Parameters,
  heads: readonly Head[],
  seed: number,
  settings: NetworkSettings,
): void {
  const { uniform } = randomStream(seedOf('pointer network', seed));
  const fill = (name: string, range: number) => {
    const { pointer, rows, columns } = tensor(name);
    const first = pointer >> 2;
    for (let i = 0; i < rows * columns; i++) engine.floats[first + i] = (2 * uniform() - 1) * range;
  };
  fill('embedding', 0.5);
  for (const head of heads) {
    const { name, scalars } = head;
    for (const part of ['query', 'candidate', 'product']) fill(`${name}.${part}`, 1 / Math.sqrt(width));
    // Without scalars the same numbers are drawn and thrown away, so that all else begins alike.
    if (settings.scalars) fill(`${name}.scalars`, 1 / Math.sqrt(scalarCount(head)));
    else for (let i = 0; i < scalarCount(head) * hidden; i++) uniform();
    fill(`${name}.output`, 0.02);
    if (!settings.scalars || settings.priors === 'none') continue;
    const linear = tensor(`${name}.linear`).pointer >> 2;
    engine.floats.set(
      scalars.map(([, prior]) => prior),
      linear,
    );
  }
}
