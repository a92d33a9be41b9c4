/** 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * Wilson's 95 % score interval of a proportion (Wilson 1927, doi:10.1080/01621459.1927.10502953). Sensible at 0 and n,
 * where a bootstrap or a normal interval has no width. Throws `RangeError` without trials.
 */
export default function wilsonInterval(
  successes: number,
  trials: number,
): { readonly low: number; readonly high: number } {
  if (!(trials > 0) || successes < 0 || successes > trials) {
    throw new RangeError(`expected 0 ≤ successes ≤ trials and trials > 0, got ${successes} of ${trials}`);
  }
  const share = successes / trials;
  const centre = share + (z * z) / (2 * trials);
  const half = z * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  // Exact ends where the formula gives them only up to rounding.
  const low = successes === 0 ? 0 : (centre - half) / scale;
  const high = successes === trials ? 1 : (centre + half) / scale;
  return { low, high };
}
