/**
 * The number beyond whose two sides a standard normal variable falls with probability 1 − level, by halving an interval on its tail
 * (Abramowitz and Stegun 26.2.14, a continued fraction): exact to 1e-9 for levels of .8 and more. Throws `RangeError` below.
 * Own code: the `probit` of simple-statistics is off in the third digit.
 */
export function normalQuantileOf(level: number): number {
  if (!(level >= 0.8 && level < 1)) throw new RangeError(`A level from .8 to below 1 is wanted, got ${level}.`);
  let [low, high] = [1, 40];
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (2 * upperTail(middle) > 1 - level) low = middle;
    else high = middle;
  }
  return low;
}

/** Probability that a standard normal variable is above `z`, from 1 on. */
function upperTail(z: number): number {
  let fraction = z;
  for (let term = 200; term >= 1; term--) fraction = z + term / fraction;
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / fraction;
}

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
