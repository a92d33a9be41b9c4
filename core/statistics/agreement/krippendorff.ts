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
 * Own code: the one npm package of that name is not kept. The expected squares of all pairs follow from sums of squares,
 * so that time is linear in values: ordinal differences are those of midranks, nominal ones those of one column a value.
 */
export default function krippendorffsAlpha(units: readonly Unit[], metric: Metric): number | null {
  const rated = units
    .map((unit) => unit.filter((value) => value !== null))
    // One value alone cannot agree with another.
    .filter((values) => values.length > 1);
  const all = rated.flat();
  const broken = all.find((value) => !Number.isFinite(value));
  if (broken !== undefined) throw new RangeError(`A rating is ${broken}; give a finite number, or null for none.`);
  if (all.every((value) => value === all[0])) return null;
  const ranks = metric === 'ordinal' ? midranks(all) : all;
  const spread = metric === 'nominal' ? unlikePairs : squaredPairs;
  let [observed, start] = [0, 0];
  for (const { length } of rated) {
    observed += spread(ranks.slice(start, start + length)) / (length - 1);
    start += length;
  }
  const expected = spread(ranks) / (all.length - 1);
  return 1 - observed / expected;
}

/** Σ (a − b)² over ordered pairs. */
function squaredPairs(values: readonly number[]): number {
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  return 2 * values.length * values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
}

/** Ordered pairs of unlike values. */
function unlikePairs(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return values.length ** 2 - [...counts.values()].reduce((sum, count) => sum + count * count, 0);
}
