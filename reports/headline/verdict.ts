import type { Job } from '../../core/run-types.ts';
import type { Observation } from '../../core/statistics/bootstrap.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import { fewestSeeds } from '../../core/statistics/seeds.ts';
import { normalQuantileOf } from '../../core/statistics/student.ts';
import { isTrained } from '../arms/arms.ts';
import { formatNumber, intervalText } from '../tables/table.ts';
import { nameText, whoOf, type ScoredArm } from './scored-arm.ts';

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
  const differences = others.flatMap((other) => differenceFrom(other, leader, level));
  const told = differences.filter(({ low }) => low > 0);
  if (differences.length < others.length)
    return { decision: 'Not decided: too few shared tasks for an interval.', remedy: 'Play more tasks.' };
  const [nearest] = differences.toSorted((a, b) => a.low - b.low) as [Difference, ...Difference[]];
  const few = fewSeeds([leader, ...others]);
  if (told.length === others.length) {
    if (few !== null)
      return {
        decision: `${inThese(few)} it did better than ${namesOf(told)}, ${nearestText(others, nearest)}.`,
        remedy: decidingText(few),
      };
    const whom = others.length === 1 ? whoOf(nearest.other.arm) : `each of the ${others.length} others`;
    return { decision: `Decided: it is better than ${whom}, ${nearestText(others, nearest)}.`, remedy: null };
  }
  const open = differences.filter((one) => !told.includes(one));
  // The best of those, for the others come in order.
  const [closest] = open as [Difference, ...Difference[]];
  const rest = open
    .slice(1)
    .map(({ other }) => `, nor from ${whoOf(other.arm)}`)
    .join('');
  const better =
    told.length === 0
      ? ''
      : few === null
        ? ` It is better than ${told.length > mostNamed ? `${told.length} of the ${others.length} others` : namesOf(told)}.`
        : ` ${inThese(few)} it did better than ${namesOf(told)}.`;
  return {
    decision:
      `Not decided: no significant difference from ${whoOf(closest.other.arm)}, ${differenceText(closest)}${rest}.` +
      better,
    remedy: remedyOf(leader, closest, level),
  };
}

/** Fewest seeds of the trained among some arms, where their intervals speak of these trainings only; else `null`. */
function fewSeeds(arms: readonly ScoredArm[]): number | null {
  const seeds = Math.min(...arms.filter(({ arm }) => isTrained(arm)).map(({ success }) => success.seeds));
  return seeds < fewestSeeds ? seeds : null;
}

const inThese = (seeds: number): string =>
  seeds === 1 ? 'In this one training' : `In these trainings, with ${seeds} seeds each,`;

const decidingText = (seeds: number): string =>
  `Whether that holds for other trainings is open with ${seeds === 1 ? 'one seed' : `${seeds} seeds`}: train with at least ` +
  `${fewestSeeds} (\`--seeds ${fewestSeeds}\`).`;

const mostNamed = 3;

/** Some by their names, or how many there are. */
function namesOf(differences: readonly Difference[]): string {
  if (differences.length > mostNamed) return `${differences.length} of the others`;
  const names = differences.map(({ other: { arm } }) => (isTrained(arm) ? `“${arm.name}”` : nameText(arm.name)));
  return [...(names.length > 1 ? [names.slice(0, -1).join(', ')] : []), names.at(-1)].join(' and ');
}

function nearestText(others: readonly ScoredArm[], nearest: Difference): string {
  const by = `by ${differenceText(nearest)}`;
  return others.length === 1 ? by : `from ${whoOf(nearest.other.arm)}, the hardest to tell apart, ${by}`;
}

/**
 * Whether the best of so many trained arms is better than the policy that its training began with, at 95 % for all of them. It
 * stands behind `before`: which trainings the two speak of is said there already where both are of the same.
 */
export function trainingText(leader: ScoredArm, untrained: ScoredArm, count: number, before: string): string {
  const [difference] = differenceFrom(untrained, leader, 1 - 0.05 / count);
  if (!difference) return '';
  const name = `“${untrained.arm.name}”`;
  const few = fewSeeds([leader]);
  const scope = few === null ? null : before.includes(inThese(few)) ? 'In the same trainings' : inThese(few);
  if (scope !== null && difference.low > 0)
    return ` ${scope} the best policy did better than ${name}, by ${differenceText(difference)}.`;
  if (scope !== null && difference.high < 0)
    return ` ${scope} even the best policy did worse than ${name}, by ${differenceText(difference)}.`;
  if (difference.low > 0)
    return ` Training helped: the best policy is better than ${name}, by ${differenceText(difference)}.`;
  if (difference.high < 0)
    return ` Training did harm: even the best policy is worse than ${name}, by ${differenceText(difference)}.`;
  return ` Whether training helped is not decided: no significant difference from ${name}, ${differenceText(difference)}.`;
}

/** Nothing where there is no interval. */
function differenceFrom(other: ScoredArm, leader: ScoredArm, level: number): Difference[] {
  const { difference } = pairedDifference(...alike(other, leader), { level });
  if (difference?.low == null || difference.high === null) return [];
  return [{ other, value: difference.value, low: difference.low, high: difference.high }];
}

/** Both as they pair: a policy that does not learn has one seed, and stands for itself beside each seed of one that does. */
const alike = (first: ScoredArm, second: ScoredArm): readonly [Observation[], Observation[]] => [
  besideSeedsOf(second, first),
  besideSeedsOf(first, second),
];

function besideSeedsOf(other: ScoredArm, { arm, observations }: ScoredArm): Observation[] {
  if (isTrained(arm)) return [...observations];
  const seeds = new Set(other.observations.map(({ seed }) => seed));
  return observations.flatMap((observation) => [...seeds].map((seed) => ({ ...observation, seed })));
}

/** By the width of the interval, which goes with the root of the number of tasks (of tasks and seeds, where there are several). */
function remedyOf(leader: ScoredArm, { other, value, low, high }: Difference, level: number): string {
  const { tasks } = leader.success;
  const seeds = Math.max(leader.success.seeds, other.success.seeds);
  const isFew = seeds < fewestSeeds && (isTrained(leader.arm) || isTrained(other.arm));
  const quantile = normalQuantileOf(level);
  const times = ((((quantile + powerQuantile) / quantile) * ((high - low) / 2)) / value) ** 2;
  // The formula is one of large numbers: below that many tasks not even a difference that always goes one way could be told from chance.
  const many = Math.max(Math.ceil(tasks * times), fewestTasks(value, level));
  if (!(value > 0) || times > mostTimes || many > mostTasks) return isFew ? fewText(seeds) : equalText(low, high);
  if (seeds > 1 ? times <= 1 : many <= tasks) return isFew ? fewText(seeds) : fewTasksText;
  const size =
    seeds > 1
      ? `${times.toFixed(1)} times as many tasks and seeds`
      : `${many.toLocaleString('en')} tasks (this one has ${tasks})`;
  const few = isFew ? `, and with at least ${fewestSeeds} seeds,` : '';
  return `If the difference is as large as it looks, a run with about ${size}${few} would detect it with 80 % power.`;
}

/** Tasks at which a sign test could decide, if so large a share of them were solved by one arm alone: its P value is 2 ^ (1 − n). */
const fewestTasks = (value: number, level: number): number => Math.ceil((1 - Math.log2(1 - level)) / value);

const fewTasksText = 'These are too few tasks to say how many would decide it: play more.';

const fewText = (seeds: number): string =>
  `This does not show that they are equal: with ${seeds === 1 ? 'one seed' : `${seeds} seeds`}, a training may go well or ` +
  `badly by chance. Train with at least ${fewestSeeds} seeds (\`--seeds ${fewestSeeds}\`), and for more episodes ` +
  '(`--episodes`) if little was learnt yet.';

const equalText = (low: number, high: number): string =>
  low === high
    ? 'They solved the same tasks; only other tasks can tell them apart.'
    : `More of the same will hardly decide it: treat them as equal, within ${intervalText(low, high, 'share')}.`;

/** How little one policy alone decides; beside it may stand some that only set the scale. */
export function aboutWidth({ arm, success: { low, high, tasks } }: ScoredArm, bounds: readonly ScoredArm[]): Verdict {
  const names = bounds.map((one) => nameText(one.arm.name));
  const decision =
    names.length === 0
      ? 'Nothing is compared.'
      : `Nothing is compared: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} shown only for scale.`;
  const typed = [...bounds.map((one) => one.arm), arm].flatMap(({ jobs: [job] }) => (job ? [typedPolicy(job)] : []));
  const more = isTrained(arm)
    ? 'Measure another policy (`toolstone run --policy A B`)'
    : `Add another policy (\`--policy ${typed.join(' ')} B\`)`;
  if (low === null || high === null)
    return { decision: `${decision} There are too few tasks for an interval.`, remedy: `${more} to compare with.` };
  return {
    decision,
    remedy:
      `${more} to compare with. With ${(4 * tasks).toLocaleString('en')} tasks (four times as many) the interval would be ` +
      'half as wide.',
  };
}

/** A policy as it is typed after `--policy`. */
function typedPolicy({ policy, label }: Job): string {
  const word = label === undefined ? policy : `${label}=${policy}`;
  return /^[\w.:/=@+-]+$/.test(word) ? word : `'${word}'`;
}
