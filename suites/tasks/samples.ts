import type { Criterion } from '../../core/reward-types.ts';
import type { Split, Suite, Task } from '../../core/types.ts';

/** The split that stands for a suite where none is named: `test`, or the first that it has. */
export const defaultSplit = ({ splits }: Suite): Split => (splits.includes('test') ? 'test' : (splits[0] as Split));

/** One task of every family, of the default split or, where a family is held out, of its own. */
export function samples(suite: Suite) {
  const chosen = new Set<Split>([defaultSplit(suite), ...suite.splits.filter((one) => one === 'held-out-family')]);
  return [...chosen].flatMap((split) => suite.tasks(split, suite.families.length));
}

/** Criteria with their weights, by task id of own tasks, else by family: there tasks differ in what criteria spell out alone. */
export const rubricsOf = (suite: Suite): Record<string, readonly Criterion[]> =>
  Object.fromEntries(sampled(suite).map(({ id, family, rubric }) => [suite.isOwn ? id : family, rubric.criteria]));

/** Tasks that have all criteria of a suite between them: all own ones, for each has others. */
export const sampled = (suite: Suite): Task[] =>
  suite.isOwn ? suite.splits.flatMap((split) => suite.tasks(split, Infinity)) : samples(suite);
