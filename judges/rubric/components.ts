import { UsageError } from '../../core/errors.ts';
import type { FormulaName, RewardComponent, Rubric, Verdict } from '../../core/reward-types.ts';
import { criterionWeights } from './rubric.ts';

/**
 * What a rubric's reward is the sum of: each criterion's score times the weight that the formula gives it where all are scored. An unscored
 * criterion keeps its place with the score `null`.
 * @throws UsageError for a formula that is no sum.
 */
export function rewardComponents(
  rubric: Rubric,
  verdicts: readonly Verdict[],
  formula: FormulaName = 'weight-proportional',
): RewardComponent[] {
  const weights = criterionWeights(rubric, formula);
  if (weights === null)
    throw new UsageError(
      `The formula "${formula}" multiplies scores, so that its reward has no components: choose another --formula, or normalise the sum.`,
    );
  const scores = new Map(verdicts.flatMap((one) => (one.state === 'scored' ? [[one.criterion, one.score]] : [])));
  return rubric.criteria.map(({ id }, index) => ({
    criterion: id,
    weight: weights[index] ?? 0,
    score: scores.get(id) ?? null,
  }));
}
