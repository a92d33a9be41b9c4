import { sampleCorrelation, sampleRankCorrelation } from 'simple-statistics';
import midranks from './midranks.ts';

const isConstant = (values: readonly number[]): boolean => values.every((value) => value === values[0]);

/** Spearman's ρ by midranks; `null` where either side does not vary. Throws `RangeError` on lists of unlike length. */
export function spearmansRho(left: readonly number[], right: readonly number[]): number | null {
  alike(left, right);
  if (isConstant(left) || isConstant(right)) return null;
  return bounded(sampleRankCorrelation([...left], [...right]));
}

/**
 * Kendall's τ-b (1945): concordant less discordant pairs, over the geometric mean of the pairs not tied on either side;
 * `null` where either side does not vary. By all pairs, since groups are small. Own code: no library at hand has it.
 */
export function kendallsTau(left: readonly number[], right: readonly number[]): number | null {
  alike(left, right);
  let [balance, ofLeft, ofRight] = [0, 0, 0];
  for (let i = 0; i < left.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = Math.sign((left[i] as number) - (left[j] as number));
      const b = Math.sign((right[i] as number) - (right[j] as number));
      balance += a * b;
      ofLeft += a * a;
      ofRight += b * b;
    }
  }
  return ofLeft === 0 || ofRight === 0 ? null : bounded(balance / Math.sqrt(ofLeft * ofRight));
}

/**
 * Correlation of two things with what a third explains of either (linearly) taken out; of midranks, `partialRankCorrelation`.
 * `null` where nothing is left of either, or below 4 items.
 */
export function partialCorrelation(
  left: readonly number[],
  right: readonly number[],
  third: readonly number[],
): number | null {
  alike(left, right);
  alike(left, third);
  if (left.length < 4 || isConstant(left) || isConstant(right)) return null;
  const direct = sampleCorrelation([...left], [...right]);
  if (isConstant(third)) return bounded(direct);
  const [ofLeft, ofRight] = [left, right].map((side) => sampleCorrelation([...side], [...third])) as [number, number];
  const rest = (1 - ofLeft ** 2) * (1 - ofRight ** 2);
  // What is explained whole leaves only rounding.
  return rest < 1e-12 ? null : bounded((direct - ofLeft * ofRight) / Math.sqrt(rest));
}

/** Whether longer texts, or those shown first, score higher at equal truth: the partial correlation of midranks. */
export const partialRankCorrelation: typeof partialCorrelation = (left, right, third) =>
  partialCorrelation(midranks(left), midranks(right), midranks(third));

function alike(left: readonly number[], right: readonly number[]): void {
  if (left.length !== right.length) throw new RangeError(`${left.length} values cannot pair with ${right.length}.`);
}

/** Without the last digit that rounding adds to 1. */
const bounded = (value: number): number => Math.min(1, Math.max(-1, value));
