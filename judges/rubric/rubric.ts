import type { Category, Criterion, FormulaName, Rubric, Verdict } from '../../core/reward-types.ts';

/** Criteria per category in the paper's form: 12 in all (ATLAS §3.1). */
export const atlasForm: Readonly<Record<Category, number>> = {
  'task-fulfilment': 5,
  'tool-appropriateness': 3,
  'tool-grounding': 2,
  'parameter-accuracy': 2,
};

const categories = Object.keys(atlasForm) as readonly Category[];

/** What is wrong with a rubric, a sentence each; empty for a valid one. */
export function rubricProblems(rubric: Rubric): string[] {
  return [...formProblems(rubric), ...criterionProblems(rubric.criteria)];
}

function formProblems({ form: name, criteria }: Rubric): string[] {
  const { length } = criteria;
  if (name === 'generic') {
    return length === 1 ? [] : [`A generic rubric has exactly 1 criterion, this one ${length}.`];
  }
  if (name === 'free') return length > 0 ? [] : ['A rubric needs at least one criterion, this one has none.'];
  const problems = length === 12 ? [] : [`An atlas rubric has exactly 12 criteria, this one ${length}.`];
  for (const category of categories) {
    const count = criteria.filter((one) => one.category === category).length;
    if (count !== atlasForm[category])
      problems.push(`${category} has ${count} criteria, the atlas form ${atlasForm[category]}.`);
  }
  const weights = weightsOf(criteria);
  const heaviest = Math.max(...categories.map((category) => weights[category]));
  if (weights['task-fulfilment'] < heaviest) problems.push('task-fulfilment is not the heaviest category.');
  return problems;
}

function criterionProblems(criteria: readonly Criterion[]): string[] {
  const problems: string[] = [];
  const ids = new Set(criteria.map((one) => one.id));
  if (ids.size !== criteria.length) problems.push('Two criteria share an id.');
  for (const { id, category, description, weight } of criteria) {
    if (!Number.isInteger(weight) || Math.abs(weight) < 1 || Math.abs(weight) > 10) {
      problems.push(`${id} has weight ${weight}, not 1 to 10 (−10 to −1 for a fault).`);
    }
    if (description.trim() === '') problems.push(`${id} has no description.`);
    if (!categories.includes(category)) problems.push(`${id} has the unknown category ${category}.`);
  }
  const weights = weightsOf(criteria);
  for (const category of new Set(criteria.filter(({ weight }) => weight < 0).map((one) => one.category))) {
    if (weights[category] === 0)
      problems.push(`${category} has negative criteria alone: there is nothing to subtract from.`);
  }
  return problems;
}

/** A category's weight α from the rubric's criteria. */
type Alpha = (criteria: readonly Criterion[]) => Readonly<Record<Category, number>>;

const equal = { 'task-fulfilment': 1, 'tool-appropriateness': 1, 'tool-grounding': 1, 'parameter-accuracy': 1 };
/** Shares of the weights in the one rubric that the paper prints (its appendix E), in per mille. */
const example = {
  'task-fulfilment': 495,
  'tool-appropriateness': 247,
  'tool-grounding': 140,
  'parameter-accuracy': 118,
};

/**
 * Presets of α. The paper says that α is fixed and heaviest for task fulfilment, and publishes no values: all of them are
 * ours. `all-in-one` knows no categories.
 */
const alphas: Readonly<Record<FormulaName, Alpha | null>> = {
  'weight-proportional': weightsOf,
  equal: () => equal,
  example: () => example,
  'all-in-one': null,
  gated: weightsOf,
};

const byCategory =
  'R = max(0, sum_c a_c S_c / sum_c a_c), with S_c = sum_i w_i d_i / sum_i max(0, w_i) over the scored criteria i of category c; ';
const leaving =
  '; a negative weight subtracts; an unscored criterion leaves all sums, a category without a scored criterion of positive weight leaves R';
const proportional =
  "a = weight-proportional (a_c is the sum of category c's positive weights; the paper gives no values)";

/** Each formula in words; the one used stands in manifest and report. */
export const formulaTexts: Readonly<Record<FormulaName, string>> = {
  'weight-proportional': byCategory + proportional + leaving,
  equal: `${byCategory}a = 1 for each category (the paper gives no values)${leaving}`,
  example:
    `${byCategory}a = .495, .247, .140, .118 for task fulfilment, tool appropriateness, tool grounding, parameter accuracy ` +
    `(shares of the weights in the paper's one printed rubric; it gives no values)${leaving}`,
  'all-in-one':
    'R = max(0, sum_i w_i d_i / sum_i max(0, w_i)) over all scored criteria i at once, whatever their category; ' +
    'a negative weight subtracts; an unscored criterion leaves both sums',
  gated:
    `${byCategory}${proportional}, where S_c of each category but task fulfilment (TF) is multiplied by S_TF, held within ` +
    `0..1; without S_TF there is no R${leaving}`,
};

/** The rubric's reward in 0..1 by a formula of `formulaTexts`; `null` where nothing that it needs was scored. */
export function rubricReward(
  rubric: Rubric,
  verdicts: readonly Verdict[],
  formula: FormulaName = 'weight-proportional',
): number | null {
  const scores = new Map(verdicts.flatMap((one) => (one.state === 'scored' ? [[one.criterion, one.score]] : [])));
  const scored = rubric.criteria.filter(({ id }) => scores.has(id));
  const mean = (criteria: readonly Criterion[]): number | null => {
    const weight = criteria.reduce((total, one) => total + Math.max(0, one.weight), 0);
    if (weight === 0) return null;
    return criteria.reduce((total, one) => total + one.weight * (scores.get(one.id) ?? 0), 0) / weight;
  };
  const alpha = alphas[formula]?.(rubric.criteria);
  if (!alpha) {
    const value = mean(scored);
    return value === null ? null : Math.max(0, value);
  }
  const inCategory = (category: Category) => mean(scored.filter((one) => one.category === category));
  const gate = formula === 'gated' ? inCategory('task-fulfilment') : 1;
  if (gate === null) return null;
  let [sum, weights] = [0, 0];
  for (const category of categories) {
    const value = inCategory(category);
    if (value === null) continue;
    const open = category === 'task-fulfilment' ? 1 : Math.min(1, Math.max(0, gate));
    sum += alpha[category] * value * open;
    weights += alpha[category];
  }
  return weights === 0 ? null : Math.max(0, sum / weights);
}

/** Whether a reward by the formula is a sum over criteria. */
export const isSum = (formula: FormulaName): boolean => formula !== 'gated';

/**
 * What each criterion's score counts for in the reward where all are scored, in the rubric's order; they are signed, and those above 0
 * sum to 1. `null` for a formula that is no sum.
 */
export function criterionWeights({ criteria }: Rubric, formula: FormulaName): number[] | null {
  if (!isSum(formula)) return null;
  const within = weightsOf(criteria);
  const alpha = alphas[formula]?.(criteria) ?? within;
  const present = categories.filter((category) => within[category] > 0);
  const all = present.reduce((sum, category) => sum + alpha[category], 0);
  return criteria.map(({ category, weight }) => (alpha[category] / all) * (weight / within[category]));
}

/** Sums of positive weights. */
function weightsOf(criteria: readonly Criterion[]): Record<Category, number> {
  const result = { 'task-fulfilment': 0, 'tool-appropriateness': 0, 'tool-grounding': 0, 'parameter-accuracy': 0 };
  for (const { category, weight } of criteria) result[category] += Math.max(0, weight);
  return result;
}
