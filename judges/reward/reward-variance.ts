import type { Calibration, JudgeErrors } from '../../core/calibration-types.ts';
import type { FormulaName, Rubric, Verdict } from '../../core/reward-types.ts';
import { rubricReward } from '../rubric/rubric.ts';

/** Variance of a yes or no that nobody has compared with the truth: a coin's. */
const unknown = 1 / 4;

/**
 * Variance that a judge's errors give a rubric's reward R, errors in different criteria taken for independent:
 * Σ_i (R with yes to i − R with no to i)² · (d_i · p(1 − p) + (1 − d_i) · q(1 − q)), with sensitivity p and specificity q of
 * criterion i and its score d_i, which stands in for the truth, or with the variance of the score itself where that is known. Biases are no part of it: a group's mean takes off what is
 * common to all. `null` errors count as a coin's.
 */
export function rewardVariance(
  rubric: Rubric,
  verdicts: readonly Verdict[],
  errorsOf: (criterion: string) => JudgeErrors | null,
  formula: FormulaName = 'weight-proportional',
): number {
  const withScore = (index: number, score: number) =>
    rubricReward(
      rubric,
      verdicts.map((one, at) => (at === index ? { criterion: one.criterion, state: 'scored', score } : one)),
      formula,
    ) ?? 0;
  return verdicts.reduce((sum, verdict, index) => {
    if (verdict.state === 'unscored') return sum;
    const errors = errorsOf(verdict.criterion);
    const variance = errors ? varianceOf(verdict.score, errors) : unknown;
    return variance === 0 ? sum : sum + variance * (withScore(index, 1) - withScore(index, 0)) ** 2;
  }, 0);
}

const varianceOf = (score: number, { sensitivity, specificity, variance }: JudgeErrors): number =>
  variance ?? score * sensitivity * (1 - sensitivity) + (1 - score) * specificity * (1 - specificity);

/** How often a judge is right by its calibration; `null` where the labels do not tell. */
export const errorsIn = (figures: Calibration['overall'] | undefined): JudgeErrors | null =>
  figures?.sensitivity && figures.specificity
    ? { sensitivity: figures.sensitivity.value, specificity: figures.specificity.value }
    : null;
