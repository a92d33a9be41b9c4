import { grad, init, nn, numpy as np } from '@jax-js/jax';
import { expect, test } from 'vitest';
import { randomStream } from '../../core/seeds.ts';
import { makeEngine } from '../../core/tensor/engine.ts';
import { makeParameters } from '../../core/tensor/optimiser.ts';
import { makeBags, makeSegments, makeTape, type Tape, type Tensor } from '../../core/tensor/tape.ts';

type Matrix = number[][];
type JaxArray = ReturnType<typeof np.array>;

const [rows, width, hidden] = [7, 4, 8];
const { uniform } = randomStream(11);
const random = (r: number, c: number): Matrix =>
  Array.from({ length: r }, () => Array.from({ length: c }, () => 2 * uniform() - 1));
const weights: Record<string, Matrix> = {
  x: random(rows, width),
  first: random(width, hidden),
  second: random(width, hidden),
  last: random(hidden, 1),
};
const target = random(rows, 1);
const bags = [[0, 1], [2], [2, 3, 6], [4], [5, 5], [6], [0]];

/** Σ target · logSoftmax over segments 0..3 and 3..7 of a network that uses every operation. */
function own(values: Record<string, Matrix>, activity: 'softsign' | 'relu') {
  const engine = makeEngine(8);
  const parameters = makeParameters(
    engine,
    Object.entries(values).map(([name, matrix]) => ({ name, rows: matrix.length, columns: matrix[0]?.length ?? 0 })),
  );
  for (const [name, matrix] of Object.entries(values))
    engine.floats.set(matrix.flat(), parameters.tensor(name).pointer >> 2);
  const tape: Tape = makeTape(engine);
  const { tensor } = parameters;
  const mixed = tape.bagSum(tensor('x'), makeBags(engine, bags));
  const product = tape.multiply(mixed, tensor('x'));
  const sum = tape.matmulSum([
    [mixed, tensor('first')],
    [product, tensor('second')],
  ]);
  const active = tape[activity](tape.add(sum, tape.matmulSum([[tensor('x'), tensor('second')]])));
  const column = tape.logSoftmax(tape.matmulSum([[active, tensor('last')]]), makeSegments(engine, [3, 4]));
  const logs = [...engine.floats.subarray(column.pointer >> 2, (column.pointer >> 2) + rows)];
  engine.floats.set(target.flat(), column.gradient >> 2);
  tape.backward();
  const gradientOf = ({ gradient, rows: r, columns }: Tensor) => [
    ...engine.floats.subarray(gradient >> 2, (gradient >> 2) + r * columns),
  ];
  return {
    value: logs.reduce((total, log, i) => total + log * (target[i]?.[0] ?? 0), 0),
    gradient: Object.fromEntries(Object.keys(values).map((name) => [name, gradientOf(tensor(name))])),
  };
}

/** The same in jax-js, whose arrays are moved on use: `.ref` where one is used again. */
function inJax(values: Record<string, JaxArray>, activity: 'softsign' | 'relu'): JaxArray {
  const { x, first, second, last } = values as Record<'x' | 'first' | 'second' | 'last', JaxArray>;
  const selection = np.array(
    bags.map((bag) => Array.from({ length: rows }, (_, i) => bag.filter((id) => id === i).length)),
  );
  const mixed = np.matmul(selection, x.ref);
  const product = mixed.ref.mul(x.ref);
  const sum = np.matmul(mixed, first).add(np.matmul(product, second.ref)).add(np.matmul(x, second));
  const active = activity === 'relu' ? nn.relu(sum) : nn.softSign(sum);
  const column = np.matmul(active, last);
  const upper = nn.logSoftmax(column.ref.slice([0, 3]), 0).mul(np.array(target.slice(0, 3)));
  const lower = nn.logSoftmax(column.slice([3, 7]), 0).mul(np.array(target.slice(3)));
  return np.sum(upper).add(np.sum(lower));
}

test.each(['softsign', 'relu'] as const)(
  'gradients through every operation equal those of jax-js (%s)',
  async (activity) => {
    await init('cpu');
    const { gradient } = own(weights, activity);
    const jaxWeights = Object.fromEntries(Object.entries(weights).map(([name, matrix]) => [name, np.array(matrix)]));
    const jaxGradient = grad((values: Record<string, JaxArray>) => inJax(values, activity))(jaxWeights);
    for (const [name, values] of Object.entries(gradient)) {
      const expected = ((await (jaxGradient[name] as JaxArray).jsAsync()) as Matrix).flat();
      values.forEach((value, i) =>
        expect(value, `gradient of ${name}[${i}]`).toBeCloseTo(expected[i] ?? Number.NaN, 4),
      );
    }
  },
);

test('gradients equal finite differences', () => {
  const { gradient } = own(weights, 'softsign');
  const step = 1e-2;
  for (const [name, matrix] of Object.entries(weights)) {
    matrix.forEach((row, r) =>
      row.forEach((_, c) => {
        const moved = (by: number) => {
          const copy = structuredClone(weights);
          const line = copy[name]?.[r] as number[];
          line[c] = (line[c] as number) + by;
          return own(copy, 'softsign').value;
        };
        const slope = (moved(step) - moved(-step)) / (2 * step);
        expect(gradient[name]?.[r * row.length + c], `gradient of ${name}[${r},${c}]`).toBeCloseTo(slope, 2);
      }),
    );
  }
});
