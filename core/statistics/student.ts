/** 97.5 % quantile of the standard normal distribution. */
export const normalQuantile = 1.959963984540054;

/**
 * Quantile of Student's t where the standard normal distribution has the quantile `normal` (97.5 % by default), by its
 * expansion around it (Abramowitz and Stegun 26.7.5): within .05 % from 5 degrees of freedom on. Throws `RangeError` below 3,
 * where it is off. Own code: simple-statistics has no t quantile.
 */
export function studentQuantile(degrees: number, normal: number = normalQuantile): number {
  if (!(degrees >= 3)) throw new RangeError(`Student's quantile wants 3 degrees of freedom or more, got ${degrees}.`);
  const z = normal;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ];
  return terms.reduce((sum, term, index) => sum + term / degrees ** (index + 1), z);
}
