/** A line through logits that turns them into probabilities. */
export interface Line {
  readonly slope: number;
  readonly offset: number;
}

/**
 * Platt's scaling (Platt 1999) with his smoothed targets, by Newton's method; equal input gives equal numbers. Where one
 * of the classes is missing nothing is learnt.
 */
export function fitLine(logits: readonly number[], labels: readonly (0 | 1)[]): Line {
  const positive = labels.filter((label) => label === 1).length;
  const negative = labels.length - positive;
  if (positive === 0 || negative === 0) return { slope: 1, offset: 0 };
  const targets = labels.map((label) => (label === 1 ? (positive + 1) / (positive + 2) : 1 / (negative + 2)));
  let [slope, offset] = [1, 0];
  for (let step = 0; step < 50; step++) {
    const sums = { slope: 0, offset: 0, both: 0, slopes: 1e-6, offsets: 1e-6 };
    logits.forEach((logit, index) => {
      const probability = 1 / (1 + Math.exp(-(slope * logit + offset)));
      const excess = probability - (targets[index] ?? 0);
      const curvature = probability * (1 - probability);
      sums.slope += excess * logit;
      sums.offset += excess;
      sums.slopes += curvature * logit * logit;
      sums.both += curvature * logit;
      sums.offsets += curvature;
    });
    const determinant = sums.slopes * sums.offsets - sums.both * sums.both;
    // Half steps: a whole one may overshoot where the classes are far apart.
    slope -= (0.5 * (sums.offsets * sums.slope - sums.both * sums.offset)) / determinant;
    offset -= (0.5 * (sums.slopes * sums.offset - sums.both * sums.slope)) / determinant;
  }
  return Number.isFinite(slope) && slope > 0 && Number.isFinite(offset) ? { slope, offset } : { slope: 1, offset: 0 };
}
