/** What is true of one thing, and the probability in 0..1 that a judge gives it. */
export interface Scored {
  readonly truth: boolean;
  readonly score: number;
}

/** Mean squared distance of score and truth (Brier 1950); `null` without items. A constant score of one half gets .25. */
export function brierScore(items: readonly Scored[]): number | null {
  if (items.length === 0) return null;
  return items.reduce((sum, { truth, score }) => sum + (score - Number(truth)) ** 2, 0) / items.length;
}

/** Brier score of the best constant: p(1 − p) with the share p of what is true. */
export function constantBrier(items: readonly Pick<Scored, 'truth'>[]): number | null {
  if (items.length === 0) return null;
  const share = items.filter(({ truth }) => truth).length / items.length;
  return share * (1 - share);
}

/**
 * Area under the ROC curve: how often a true thing scores above a false one, ties half (Mann–Whitney). `null` where either
 * class is missing. simple-statistics has the rank sum, four times slower: a bootstrap asks for it a thousand times.
 */
export function areaUnderCurve(items: readonly Scored[]): number | null {
  const [trues, falses] = [scoresOf(items, true), scoresOf(items, false)];
  if (trues.length === 0 || falses.length === 0) return null;
  let [below, upTo, sum] = [0, 0, 0];
  for (const score of trues) {
    while (below < falses.length && (falses[below] as number) < score) below += 1;
    while (upTo < falses.length && (falses[upTo] as number) <= score) upTo += 1;
    sum += below + upTo;
  }
  return sum / (2 * trues.length * falses.length);
}

function scoresOf(items: readonly Scored[], truth: boolean): Float64Array {
  const scores = new Float64Array(items.length);
  let count = 0;
  for (const item of items) if (item.truth === truth) scores[count++] = item.score;
  return scores.subarray(0, count).sort();
}
