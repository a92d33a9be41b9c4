import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeEngine } from '../../core/tensor/engine.ts';
import { makeBags, makeSegments, makeTape } from '../../core/tensor/tape.ts';

const engine = makeEngine(16);
const sizes = fc.record({
  m: fc.integer({ min: 1, max: 11 }),
  k: fc.integer({ min: 1, max: 9 }),
  n: fc.integer({ min: 1, max: 19 }),
});
const values = (length: number) =>
  fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: length, maxLength: length });
const read = (pointer: number, count: number) => [...engine.floats.subarray(pointer >> 2, (pointer >> 2) + count)];

test('matrix products equal the definition at every size', () => {
  const cases = sizes.chain(({ m, k, n }) => fc.tuple(fc.constant({ m, k, n }), values(m * k), values(k * n)));
  fc.assert(
    fc.property(cases, ([{ m, k, n }, a, b]) => {
      const mark = engine.mark();
      const tape = makeTape(engine);
      const product = tape.matmulSum([[tape.constant(m, k, a), tape.constant(k, n, b)]]);
      const expected = Array.from({ length: m * n }, (_, at) => {
        let sum = 0;
        for (let x = 0; x < k; x++) sum += (a[Math.floor(at / n) * k + x] ?? 0) * (b[x * n + (at % n)] ?? 0);
        return sum;
      });
      read(product.pointer, m * n).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 3));
      engine.release(mark);
    }),
  );
});

test('log-softmax within segments: probabilities of each sum to 1, however large the logits', () => {
  const segments = fc.array(fc.array(fc.float({ min: -300, max: 300, noNaN: true }), { minLength: 1, maxLength: 9 }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(segments, (groups) => {
      const mark = engine.mark();
      const tape = makeTape(engine);
      const flat = groups.flat();
      const lengths = makeSegments(
        engine,
        groups.map((group) => group.length),
      );
      const logs = read(tape.logSoftmax(tape.constant(flat.length, 1, flat), lengths).pointer, flat.length);
      let at = 0;
      for (const group of groups) {
        const sum = logs.slice(at, at + group.length).reduce((total, log) => total + Math.exp(log), 0);
        expect(sum).toBeCloseTo(1, 4);
        at += group.length;
      }
      engine.release(mark);
    }),
  );
});

test('bag sums equal the definition, and their transpose is the adjoint', () => {
  const groups = fc.array(fc.array(fc.tuple(fc.nat(4), fc.float({ min: -2, max: 2, noNaN: true })), { maxLength: 6 }), {
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(groups, values(20), (bags, table) => {
      const mark = engine.mark();
      const tape = makeTape(engine);
      const from = { ...tape.constant(5, 4, table), gradient: engine.allocate(20) };
      const packed = makeBags(
        engine,
        bags.map((bag) => bag.map(([id]) => id)),
        bags.map((bag) => bag.map(([, weight]) => weight)),
      );
      const sum = tape.bagSum(from, packed);
      const expected = bags.flatMap((bag) =>
        [0, 1, 2, 3].map((column) =>
          bag.reduce((total, [id, weight]) => total + weight * (table[id * 4 + column] ?? 0), 0),
        ),
      );
      const result = read(sum.pointer, bags.length * 4);
      result.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 3));
      // ⟨y, B x⟩ = ⟨Bᵀ y, x⟩ with y = B x.
      engine.floats.set(result, sum.gradient >> 2);
      tape.backward();
      const back = read(from.gradient, 20).reduce((total, value, i) => total + value * (table[i] ?? 0), 0);
      const norm = result.reduce((total, value) => total + value * value, 0);
      expect(back).toBeCloseTo(norm, 1);
      engine.release(mark);
    }),
  );
});

test('a full arena is refused by size', () => {
  const small = makeEngine(1);
  expect(() => small.allocate(2 ** 20)).toThrow(/arena of 1 MiB is full/);
});
