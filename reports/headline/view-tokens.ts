import type { Run } from '../../core/record/read-run.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import { armsOf, calledPolicy } from '../arms/arms.ts';
import { observe, promptTokens } from '../arms/readings.ts';
import { isExecutionComparison, isViewComparison, isWayComparison, wayOf } from '../tables/comparison.ts';
import { viewLevel } from '../tables/differences.ts';
import { formatNumber, intervalText } from '../tables/table.ts';
import { nameText } from './scored-arm.ts';

/** A policy in one view or with one execution, by the prompts of its episodes. */
interface WayCost {
  readonly way: string;
  readonly mean: number;
  readonly observations: ReturnType<typeof observe>;
}

/**
 * Of a run in several views or with several executions, for each policy: where its prompts take the fewest tokens, and whether the
 * data tell it from each of the others. The intervals are those of the table of views against each other: all that is compared there
 * holds together at 95 %. A sentence a policy; none of other runs.
 */
export function viewTokens(run: Run, split: string): string[] {
  if (!isWayComparison(run)) return [];
  const what = [...(isViewComparison(run) ? ['view'] : []), ...(isExecutionComparison(run) ? ['execution'] : [])].join(
    ' and ',
  );
  const arms = armsOf([run], 'views');
  const level = viewLevel(arms);
  const policies = Map.groupBy(arms, ({ jobs }) => jobs.map(calledPolicy)[0]);
  return [...policies].flatMap(([policy, ways]) => {
    const costs = ways.flatMap(({ jobs, episodes }): WayCost[] => {
      const mine = episodes.filter(({ phase }) => phase === split);
      const observations = observe(mine, promptTokens);
      const mean = observations.reduce((sum, { value }) => sum + value, 0) / observations.length;
      const [job] = jobs;
      return observations.length === 0 || !job ? [] : [{ way: wayOf(run, job), mean, observations }];
    });
    const [least, ...others] = costs.toSorted((a, b) => a.mean - b.mean);
    return least && others.length > 0
      ? [sentenceOf(policies.size > 1 ? `${policy}: the` : 'The', what, least, others, level)]
      : [];
  });
}

function sentenceOf(
  beginning: string,
  what: string,
  least: WayCost,
  others: readonly WayCost[],
  level: number,
): string {
  const [next] = others as [WayCost, ...WayCost[]];
  const told = others.map(({ observations }) => {
    const { difference } = pairedDifference(least.observations, observations, { level, isShare: false });
    return { difference, isTold: difference?.low != null && difference.low > 0 };
  });
  const [{ difference }] = told as [(typeof told)[number], ...typeof told];
  const open = others.filter((_, index) => !told[index]?.isTold).map(({ way }) => way);
  const more =
    difference?.low == null || difference.high === null
      ? ''
      : `, ${tokens(difference.value)} more ${intervalText(difference.low, difference.high, 'amount')}`;
  const decision =
    open.length === 0
      ? `decided against every other ${what}.`
      : `not decided against ${open.map(nameText).join(', ')}: play more tasks to tell.`;
  return (
    `${beginning} fewest tokens in all prompts of an episode are those of the ${what} ${nameText(least.way)}, ${tokens(least.mean)}; ` +
    `next comes ${nameText(next.way)}${more}: ${decision}`
  );
}

const tokens = (amount: number): string => formatNumber(Math.round(amount), 'count');
