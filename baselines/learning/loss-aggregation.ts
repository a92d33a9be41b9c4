/**
 * How the losses of choices become one number, by verl's names (`loss_agg_mode`). N sequences of lengths |y|:
 * - `seq-mean-token-sum`: Σ / N; no length bias (Dr. GRPO up to a constant);
 * - `seq-mean-token-mean`: mean over sequences of their means (GRPO as published; TRL's `loss_type` grpo);
 * - `token-mean`: Σ / Σ|y| (DAPO; TRL's dapo and, in one process, bnpo);
 * - `seq-mean-token-sum-norm`: Σ / (N · norm length), the norm a constant (Dr. GRPO; TRL's dr_grpo).
 */
export const lossAggregations = [
  'seq-mean-token-sum',
  'seq-mean-token-mean',
  'token-mean',
  'seq-mean-token-sum-norm',
] as const;
export type LossAggregation = (typeof lossAggregations)[number];

/** What each choice's loss is multiplied by, per sequence. `normLength` (choices) matters to the last mode alone. */
export function lossWeights(lengths: readonly number[], mode: LossAggregation, normLength: number): number[] {
  const sequences = Math.max(1, lengths.length);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  return lengths.map((length) => {
    if (mode === 'seq-mean-token-sum') return 1 / sequences;
    if (mode === 'seq-mean-token-mean') return 1 / (sequences * Math.max(1, length));
    if (mode === 'token-mean') return 1 / Math.max(1, tokens);
    return 1 / (sequences * normLength);
  });
}
