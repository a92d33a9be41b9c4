import type { Category, Criterion, Rubric, Verdict } from '../core/reward-types.ts';

/** Criteria per category in the paper's form: 12 in all (ATLAS §3.1). */
const form: Readonly<Record<Category, number>> = {
  'task-fulfilment': 5,
  'tool-appropriateness': 3,
  'tool-grounding': 2,
  'parameter-accuracy': 2,
};

const categories = Object.keys(form) as readonly Category[];

/** How verdicts become the reward; stands in manifest and report. */
export const rubricFormula =
  'R = sum_c a_c S_c / sum_c a_c, with S_c = sum_i w_i d_i / sum_i w_i over the scored criteria i of category c; ' +
  "a = weight-proportional (a_c is category c's share of the rubric's weights; the paper gives no values); " +
  'an unscored criterion leaves both sums, a category without a scored criterion leaves R';

/** What is wrong with a rubric's form, as sentences; empty for a valid one. */
export function rubricProblems(rubric: Rubric): string[] {
  const problems: string[] = [];
  const { criteria } = rubric;
  for (const category of categories) {
    const count = criteria.filter((one) => one.category === category).length;
    if (count !== form[category]) problems.push(`${category} has ${count} criteria, the form wants ${form[category]}`);
  }
  const ids = new Set(criteria.map((one) => one.id));
  if (ids.size !== criteria.length) problems.push('two criteria share an id');
  for (const { id, category, description, weight } of criteria) {
    if (!Number.isInteger(weight) || weight < 1 || weight > 10)
      problems.push(`${id} has weight ${weight}, not 1 to 10`);
    if (description.trim() === '') problems.push(`${id} has no description`);
    if (!categories.includes(category)) problems.push(`${id} has the unknown category ${category}`);
  }
  const weights = weightOf(criteria);
  const heaviest = Math.max(...categories.map((category) => weights[category]));
  if (weights['task-fulfilment'] < heaviest) problems.push('task-fulfilment is not the heaviest category');
  return problems;
}

/** The rubric's reward in 0..1 by `rubricFormula`; `null` where no criterion was scored. */
export function rubricReward(rubric: Rubric, verdicts: readonly Verdict[]): number | null {
  const scores = new Map(verdicts.flatMap((one) => (one.state === 'scored' ? [[one.criterion, one.score]] : [])));
  const alpha = weightOf(rubric.criteria);
  let [sum, alphas] = [0, 0];
  for (const category of categories) {
    const scored = rubric.criteria.filter((one) => one.category === category && scores.has(one.id));
    if (scored.length === 0) continue;
    const weight = scored.reduce((total, one) => total + one.weight, 0);
    const value = scored.reduce((total, one) => total + one.weight * (scores.get(one.id) ?? 0), 0) / weight;
    sum += alpha[category] * value;
    alphas += alpha[category];
  }
  return alphas === 0 ? null : sum / alphas;
}

function weightOf(criteria: readonly Criterion[]): Record<Category, number> {
  const result = { 'task-fulfilment': 0, 'tool-appropriateness': 0, 'tool-grounding': 0, 'parameter-accuracy': 0 };
  for (const { category, weight } of criteria) result[category] += weight;
  return result;
}
