import type { Engine } from './engine.ts';

/** A matrix of `rows` × `columns` f32 in the engine's memory. `gradient` is 0 where none is wanted. */
export interface Tensor {
  readonly pointer: number;
  readonly gradient: number;
  readonly rows: number;
  readonly columns: number;
}

/** Weighted sums of rows: output i is Σ weights[x] · row ids[x] over x in offsets[i]..offsets[i+1]; lies in the engine. */
export interface Bags {
  readonly ids: number;
  readonly weights: number;
  readonly offsets: number;
  readonly count: number;
}

/** Segments of a column: segment i holds rows offsets[i]..offsets[i+1]. */
export interface Segments {
  readonly offsets: number;
  readonly count: number;
}

/** Records operations on an engine and runs them backwards. Everything it allocates lives until the engine is released. */
export interface Tape {
  readonly constant: (rows: number, columns: number, values: ArrayLike<number>) => Tensor;
  readonly bagSum: (from: Tensor, bags: Bags) => Tensor;
  /** Σ of products a·b, all of one shape. */
  readonly matmulSum: (terms: readonly (readonly [Tensor, Tensor])[]) => Tensor;
  readonly add: (a: Tensor, b: Tensor) => Tensor;
  readonly multiply: (a: Tensor, b: Tensor) => Tensor;
  readonly softsign: (x: Tensor) => Tensor;
  readonly relu: (x: Tensor) => Tensor;
  /** Log-softmax of a column within segments. */
  readonly logSoftmax: (x: Tensor, segments: Segments) => Tensor;
  /** Adds an operation of the caller's: `backward` reads gradients of what it was given and adds to others. */
  readonly custom: (backward: () => void) => void;
  /** Runs all recorded operations backwards, once. The caller has set the gradient of the result. */
  readonly backward: () => void;
}

export function makeBags(engine: Engine, groups: readonly ArrayLike<number>[], weights?: readonly ArrayLike<number>[]) {
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  const bags = {
    ids: engine.allocate(total),
    weights: engine.allocate(total),
    offsets: engine.allocate(groups.length + 1),
    count: groups.length,
  };
  let at = 0;
  groups.forEach((group, i) => {
    engine.cells.set(group, (bags.ids >> 2) + at);
    const first = (bags.weights >> 2) + at;
    const itsWeights = weights?.[i];
    if (itsWeights) engine.floats.set(itsWeights, first);
    else engine.floats.fill(1, first, first + group.length);
    at += group.length;
    engine.cells[(bags.offsets >> 2) + i + 1] = at;
  });
  return bags satisfies Bags;
}

/** One row per output: a plain selection of rows. */
export function makeSelection(engine: Engine, ids: ArrayLike<number>): Bags {
  const count = ids.length;
  const bags = {
    ids: engine.allocate(count),
    weights: engine.allocate(count),
    offsets: engine.allocate(count + 1),
    count,
  };
  engine.cells.set(ids, bags.ids >> 2);
  engine.floats.fill(1, bags.weights >> 2, (bags.weights >> 2) + count);
  for (let i = 0; i <= count; i++) engine.cells[(bags.offsets >> 2) + i] = i;
  return bags;
}

export function makeSegments(engine: Engine, lengths: readonly number[]): Segments {
  const offsets = engine.allocate(lengths.length + 1);
  let end = 0;
  lengths.forEach((length, i) => {
    end += length;
    engine.cells[(offsets >> 2) + i + 1] = end;
  });
  return { offsets, count: lengths.length };
}

/** Cells of a matrix, rounded up to whole SIMD registers; the arena has room for them. */
const padded = (x: Tensor): number => (x.rows * x.columns + 3) & ~3;

export function makeTape(engine: Engine, { recording = true } = {}): Tape {
  const { kernel } = engine;
  const steps: (() => void)[] = [];
  const fresh = (rows: number, columns: number, inputs: readonly Tensor[]): Tensor => ({
    pointer: engine.allocate(rows * columns),
    gradient: recording && inputs.some((input) => input.gradient !== 0) ? engine.allocate(rows * columns) : 0,
    rows,
    columns,
  });
  const record = (output: Tensor, step: () => void): Tensor => {
    if (output.gradient !== 0) steps.push(step);
    return output;
  };
  const unary = (
    x: Tensor,
    forward: (a: number, c: number, count: number) => void,
    backward: (y: number, dy: number, dx: number, count: number) => void,
  ): Tensor => {
    const y = fresh(x.rows, x.columns, [x]);
    forward(x.pointer, y.pointer, padded(x));
    return record(y, () => backward(y.pointer, y.gradient, x.gradient, padded(x)));
  };
  const binary = (a: Tensor, b: Tensor): Tensor => {
    requireSameShape(a, b);
    return fresh(a.rows, a.columns, [a, b]);
  };
  return {
    constant: (rows, columns, values) => {
      const x = { pointer: engine.allocate(rows * columns), gradient: 0, rows, columns };
      engine.floats.set(values, x.pointer >> 2);
      return x;
    },
    bagSum: (from, bags) => {
      const y = fresh(bags.count, from.columns, [from]);
      kernel.gatherSum(from.pointer, from.columns, bags.ids, bags.weights, bags.offsets, bags.count, y.pointer, false);
      return record(y, () =>
        kernel.scatterSum(y.gradient, from.columns, bags.ids, bags.weights, bags.offsets, bags.count, from.gradient),
      );
    },
    matmulSum: (terms) => {
      const y = fresh(terms[0]?.[0].rows ?? 0, terms[0]?.[1].columns ?? 0, terms.flat());
      terms.forEach(([left, right], i) => multiplyInto(engine, left, right, y, i > 0));
      return record(y, () => {
        for (const [left, right] of terms) multiplyBackward(engine, left, right, y);
      });
    },
    add: (a, b) => {
      const y = binary(a, b);
      kernel.addScaled(a.pointer, 1, y.pointer, padded(y));
      kernel.addScaled(b.pointer, 1, y.pointer, padded(y));
      return record(y, () => {
        for (const x of [a, b]) if (x.gradient !== 0) kernel.addScaled(y.gradient, 1, x.gradient, padded(y));
      });
    },
    multiply: (a, b) => {
      const y = binary(a, b);
      kernel.multiply(a.pointer, b.pointer, y.pointer, padded(y), false);
      return record(y, () => {
        if (a.gradient !== 0) kernel.multiply(y.gradient, b.pointer, a.gradient, padded(y), true);
        if (b.gradient !== 0) kernel.multiply(y.gradient, a.pointer, b.gradient, padded(y), true);
      });
    },
    softsign: (x) => unary(x, kernel.softsign, kernel.softsignBackward),
    relu: (x) => unary(x, kernel.relu, kernel.reluBackward),
    logSoftmax: (x, { offsets, count }) => {
      if (x.columns !== 1) throw new RangeError(`logSoftmax takes a column, not ${x.columns} columns.`);
      const y = fresh(x.rows, 1, [x]);
      kernel.logSoftmax(x.pointer, offsets, count, y.pointer);
      return record(y, () => kernel.logSoftmaxBackward(y.pointer, y.gradient, offsets, count, x.gradient));
    },
    custom: (backward) => {
      if (recording) steps.push(backward);
    },
    backward: () => {
      for (let step = steps.pop(); step; step = steps.pop()) step();
    },
  };
}

const rowsPerBlock = 128;

function requireSameShape(a: Tensor, b: Tensor): void {
  if (a.rows !== b.rows || a.columns !== b.columns)
    throw new RangeError(`Shapes ${a.rows}×${a.columns} and ${b.rows}×${b.columns} differ.`);
}

function multiplyInto({ kernel }: Engine, a: Tensor, b: Tensor, y: Tensor, accumulate: boolean): void {
  if (a.columns !== b.rows || a.rows !== y.rows || b.columns !== y.columns)
    throw new RangeError(`Cannot multiply ${a.rows}×${a.columns} by ${b.rows}×${b.columns}.`);
  const { rows: m, columns: k } = a;
  const n = b.columns;
  kernel.gemm(a.pointer, k, 1, b.pointer, n, y.pointer, n, m, k, n, accumulate);
}

/** dA += dY Bᵀ (B transposed into scratch, for the kernel wants contiguous rows) and dB += Aᵀ dY. */
function multiplyBackward(engine: Engine, a: Tensor, b: Tensor, y: Tensor): void {
  const { kernel, floats } = engine;
  const { rows: m, columns: k } = a;
  const n = b.columns;
  if (a.gradient !== 0) {
    const mark = engine.mark();
    const transposed = engine.allocate(k * n);
    const [from, to] = [b.pointer >> 2, transposed >> 2];
    for (let i = 0; i < k; i++) for (let j = 0; j < n; j++) floats[to + j * k + i] = floats[from + i * n + j] as number;
    kernel.gemm(y.gradient, n, 1, transposed, k, a.gradient, k, m, n, k, true);
    engine.release(mark);
  }
  // Blocks of rows stay in the nearest cache; the order of additions, and so the bits, are those of one call.
  if (b.gradient !== 0)
    for (let first = 0; first < m; first += rowsPerBlock) {
      const rows = Math.min(rowsPerBlock, m - first);
      const [from, slope] = [a.pointer + first * k * 4, y.gradient + first * n * 4];
      kernel.gemm(from, 1, k, slope, n, b.gradient, n, k, rows, n, true);
    }
}
