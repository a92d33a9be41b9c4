import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../core/seeds.ts';
import type { Tensor } from '../../core/tensor/tape.ts';
import { mixed, unmixed } from '../../judges/embedded/mixture.ts';
import { jointLogit } from '../../judges/embedded/training.ts';

const tensorAt = (first: number, rows: number, columns: number): Tensor => ({
  pointer: 4 * first,
  gradient: 4 * (first + rows * columns),
  rows,
  columns,
});

test('the gradient of what is mixed is that of finite differences', () => {
  const [rows, half] = [2, 4];
  const asked = tensorAt(0, rows, 2 * half);
  const said = tensorAt(2 * rows * 2 * half, rows, half);
  const { uniform } = randomStream(5);
  const values = Float32Array.from({ length: 64 }, () => 2 * uniform() - 1);
  const slopes = Float32Array.from([0.7, -1.3]);
  const [known, weight] = [[1, null] as const, 0.4];
  const loss = (floats: Float32Array) => {
    const { logits, shares } = mixed(floats, asked, said);
    return logits.reduce((sum, logit, row) => sum + logit * (slopes[row] ?? 0), 0) - weight * Math.log(shares[1] ?? 0);
  };
  const floats = Float32Array.from(values);
  for (const one of [asked, said]) floats.fill(0, one.gradient >> 2, (one.gradient >> 2) + one.rows * one.columns);
  unmixed(floats, { asked, said }, mixed(floats, asked, said), slopes, known, weight);
  for (const { pointer, gradient, rows: height, columns } of [asked, said])
    for (let at = 0; at < height * columns; at++) {
      const [up, down] = [1, -1].map((sign) => {
        const moved = Float32Array.from(floats);
        moved[(pointer >> 2) + at] = (moved[(pointer >> 2) + at] ?? 0) + sign * 1e-2;
        return loss(moved);
      }) as [number, number];
      expect(floats[(gradient >> 2) + at]).toBeCloseTo((up - down) / 2e-2, 3);
    }
});

test('all clauses hold as far as the least of them does, and a single one as far as itself', () => {
  const finite = fc.double({ min: -20, max: 20, noNaN: true });
  fc.assert(
    fc.property(fc.array(finite, { minLength: 1, maxLength: 5 }), (list) => {
      const logits = Float32Array.from(list);
      const { logit, shares } = jointLogit(logits);
      expect(logit).toBeLessThanOrEqual(Math.min(...logits) + 1e-9);
      expect(logit).toBeGreaterThanOrEqual(Math.min(...logits) - Math.log(logits.length) - 1e-9);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
    }),
  );
  expect(jointLogit(Float32Array.from([2])).logit).toBe(2);
});
