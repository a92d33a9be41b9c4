import type { Tensor } from '../../core/tensor/tape.ts';

/** What comes of a batch of clauses. */
export interface Mixed {
  /** A logit per clause: what is said of each aspect, weighed by how surely it is asked about, turned round where it is. */
  readonly logits: Float32Array;
  /** Shares of each clause's question, a row of `asked` per clause. */
  readonly shares: Float32Array;
}

/** Mixes what is asked and what is said. Plain sums in one order: equal input gives equal bytes. */
export function mixed(floats: Float32Array, asked: Tensor, said: Tensor): Mixed {
  const { rows, columns } = asked;
  const half = said.columns;
  const logits = new Float32Array(rows);
  const shares = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const [from, of] = [(asked.pointer >> 2) + row * columns, (said.pointer >> 2) + row * half];
    let highest = -Infinity;
    for (let at = 0; at < columns; at++) highest = Math.max(highest, floats[from + at] as number);
    let sum = 0;
    for (let at = 0; at < columns; at++) {
      const one = Math.exp((floats[from + at] as number) - highest);
      shares[row * columns + at] = one;
      sum += one;
    }
    let logit = 0;
    for (let at = 0; at < columns; at++) {
      const share = (shares[row * columns + at] as number) / sum;
      shares[row * columns + at] = share;
      logit += (at < half ? share : -share) * (floats[of + (at % half)] as number);
    }
    logits[row] = logit;
  }
  return { logits, shares };
}

/** Which aspect a clause asks about, as training knows it: its column of `asked`. */
export type Aspect = number | null;

/**
 * Adds the gradients of a batch: `slopes` are those of the logits; where the aspect is known, its cross-entropy counts
 * `weight` besides. Returns the sum of those cross-entropies.
 */
export function unmixed(
  floats: Float32Array,
  { asked, said }: { readonly asked: Tensor; readonly said: Tensor },
  { logits, shares }: Mixed,
  slopes: Float32Array,
  known: readonly Aspect[],
  weight: number,
): number {
  const { rows, columns } = asked;
  const half = said.columns;
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const [slope, logit, aspect] = [slopes[row] as number, logits[row] as number, known[row] ?? null];
    const [from, of] = [(asked.gradient >> 2) + row * columns, (said.gradient >> 2) + row * half];
    const values = (said.pointer >> 2) + row * half;
    for (let at = 0; at < columns; at++) {
      const share = shares[row * columns + at] as number;
      const sign = at < half ? 1 : -1;
      floats[of + (at % half)] = (floats[of + (at % half)] as number) + slope * sign * share;
      const bySaying = slope * share * (sign * (floats[values + (at % half)] as number) - logit);
      const byAspect = aspect === null ? 0 : weight * (share - (at === aspect ? 1 : 0));
      floats[from + at] = (floats[from + at] as number) + bySaying + byAspect;
    }
    if (aspect !== null) loss -= Math.log(Math.max(1e-9, shares[row * columns + aspect] as number));
  }
  return loss;
}
