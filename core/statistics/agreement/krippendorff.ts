import midranks from './midranks.ts';

/** Nominal: equal or not. Ordinal: by ranks. Interval: by squared difference. */
export type Metric = 'nominal' | 'ordinal' | 'interval';

/** What all raters said of one unit; `null` (or a shorter list) where one said nothing. */
export type Unit = readonly (number | null)[];

/**
 * Krippendorff's α (Computing Krippendorff's Alpha-Reliability, 2011): 1 − observed over expected disagreement, any
 * number of raters, values missing. `null` where no unit has two values, or where all values are equal: the convention
 * α = 1 for the latter would hide judges that always say the same. Throws `RangeError` on values that are no finite number.
 *
 * Own code: the one npm package of that name is not kept. The whole sample's squares follow from sums, so that time is
 * linear in units: ordinal differences are those of midranks.
 */
export default function krippendorffsAlpha(units: readonly Unit[], metric: Metric): number | null {
  const { values, ends } = pairable(units);
  if (values.every((value) => value === values[0])) return null;
  const ranks = metric === 'ordinal' ? midranks(values) : values;
  let [observed, start] = [0, 0];
  for (const end of ends) {
    for (let i = start + 1; i < end; i++) {
      for (let j = start; j < i; j++) {
        const difference = (ranks[i] as number) - (ranks[j] as number);
        const squared = metric === 'nominal' ? Number(difference !== 0) : difference ** 2;
        observed += (2 * squared) / (end - start - 1);
      }
    }
    start = end;
  }
  const expected = (metric === 'nominal' ? unlikePairs(ranks) : squaredPairs(ranks)) / (values.length - 1);
  return 1 - observed / expected;
}

/** Values of units with two or more, and where each unit's end. One value alone cannot agree with another. */
function pairable(units: readonly Unit[]): { readonly values: Float64Array; readonly ends: Uint32Array } {
  const values = new Float64Array(units.reduce((count, { length }) => count + length, 0));
  const ends = new Uint32Array(units.length);
  let count = 0;
  units.forEach((unit, index) => {
    const start = count;
    for (const value of unit) {
      if (value === null) continue;
      if (!Number.isFinite(value))
        throw new RangeError(`A rating is ${value}; give a finite number, or null for none.`);
      values[count++] = value;
    }
    if (count === start + 1) count = start;
    ends[index] = count;
  });
  return { values: values.subarray(0, count), ends };
}

/** Σ (a − b)² over ordered pairs. */
function squaredPairs(values: ArrayLike<number>): number {
  const { length } = values;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < length; i++) sum += values[i] as number;
  for (let i = 0; i < length; i++) squares += ((values[i] as number) - sum / length) ** 2;
  return 2 * length * squares;
}

/** Ordered pairs of unlike values. */
function unlikePairs(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  let [alike, start] = [0, 0];
  sorted.forEach((value, index) => {
    if (value === sorted[index + 1]) return;
    alike += (index + 1 - start) ** 2;
    start = index + 1;
  });
  return values.length ** 2 - alike;
}
