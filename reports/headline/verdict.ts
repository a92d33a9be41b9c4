import type { Observation } from '../../core/statistics/bootstrap.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import { normalQuantileOf } from '../../core/statistics/student.ts';
import { formatNumber, intervalText } from '../tables/table.ts';
import { whoOf, type ScoredArm } from './scored-arm.ts';

export interface Verdict {
  /** Whether the data decide the question. */
  readonly decision: string;
  /** What would decide it; `null` where it is decided. */
  readonly remedy: string | null;
}

/** Normal quantile of .8 (scipy's norm.ppf): so likely would a run of the size that is told decide it, were the difference as large as it looks. */
const powerQuantile = 0.8416212;
/** Tasks, or multiples of a run, beyond which nobody would go. */
const mostTasks = 20_000;
const mostTimes = 200;

interface Difference {
  readonly other: ScoredArm;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const differenceText = ({ value, low, high }: Pick<Difference, 'value' | 'low' | 'high'>): string =>
  `${formatNumber(value, 'share')} ${intervalText(low, high, 'share')}`;

/** Whether the first is told apart from each of the others, which come the best first, at 95 % together, as the tables of differences have it. */
export function verdictOf(leader: ScoredArm, others: readonly ScoredArm[]): Verdict {
  const count = others.length + 1;
  const level = 1 - 0.05 / ((count * (count - 1)) / 2);
  const differences = others.flatMap((other): Difference[] => {
    const { difference } = pairedDifference(...alike(other, leader), { level });
    return difference?.low == null || difference.high === null
      ? []
      : [{ other, value: difference.value, low: difference.low, high: difference.high }];
  });
  const told = differences.filter(({ low }) => low > 0);
  if (differences.length < others.length)
    return { decision: 'Not decided: too few shared tasks for an interval.', remedy: 'Play more tasks.' };
  const [nearest] = differences.toSorted((a, b) => a.low - b.low) as [Difference, ...Difference[]];
  const by = `by ${differenceText(nearest)}`;
  if (told.length === others.length) {
    const whom = others.length === 1 ? whoOf(nearest.other.arm) : `each of the ${others.length} others`;
    const least = others.length === 1 ? by : `from ${whoOf(nearest.other.arm)}, the hardest to tell apart, ${by}`;
    return { decision: `Decided: it is better than ${whom}, ${least}.`, remedy: null };
  }
  const open = differences.filter((one) => !told.includes(one));
  // The best of those, for the others come in order.
  const [closest] = open as [Difference, ...Difference[]];
  const rest = open.length === 1 ? '' : `, nor from ${open.length - 1} more`;
  const better = told.length === 0 ? '' : ` It is better than ${told.length} of the ${others.length} others.`;
  return {
    decision:
      `Not decided: no significant difference from ${whoOf(closest.other.arm)}, ${differenceText(closest)}${rest}.` +
      better,
    remedy: remedyOf(leader, closest, level),
  };
}

/** Both as they pair: a policy that does not learn has one seed, and stands for itself beside each seed of one that does. */
const alike = (first: ScoredArm, second: ScoredArm): readonly [Observation[], Observation[]] => [
  besideSeedsOf(second, first),
  besideSeedsOf(first, second),
];

function besideSeedsOf(other: ScoredArm, { arm, observations }: ScoredArm): Observation[] {
  if (arm.jobs.some(({ training }) => training !== null)) return [...observations];
  const seeds = new Set(other.observations.map(({ seed }) => seed));
  return observations.flatMap((observation) => [...seeds].map((seed) => ({ ...observation, seed })));
}

/** By the width of the interval, which goes with the root of the number of tasks (of tasks and seeds, where there are several). */
function remedyOf(leader: ScoredArm, { value, low, high }: Difference, level: number): string {
  const { tasks, seeds } = leader.success;
  const quantile = normalQuantileOf(level);
  const times = ((((quantile + powerQuantile) / quantile) * ((high - low) / 2)) / value) ** 2;
  const many = Math.ceil(tasks * times);
  if (!(value > 0) || times > mostTimes || many > mostTasks)
    return `More of the same will hardly decide it: take them for equal, within ${intervalText(low, high, 'share')}.`;
  const size = seeds > 1 ? `${times.toFixed(1)} times as many tasks and seeds` : `${many} tasks in place of ${tasks}`;
  const few = seeds < 5 && leader.arm.jobs.some(({ training }) => training !== null) ? ' (at least 5 seeds)' : '';
  return `If the difference is as large as it looks, about ${size}${few} would detect it with 80 % power.`;
}

/** What the one policy's interval is, and what would halve it. */
export function aboutWidth({ success: { low, high, tasks } }: ScoredArm): Verdict {
  const beside = 'Another policy beside it (`--policy A B`) makes a comparison';
  if (low === null || high === null) return { decision: 'Too few tasks for an interval.', remedy: `${beside}.` };
  return {
    decision: 'Nothing is compared.',
    remedy: `${beside}; four times as many tasks, ${4 * tasks}, halve the interval.`,
  };
}
