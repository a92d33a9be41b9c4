import { probit } from 'simple-statistics';
import type { Observation } from '../core/statistics/bootstrap.ts';
import type { Estimate } from '../core/statistics/estimate.ts';
import pairedDifference from '../core/statistics/paired.ts';
import type { Run } from '../core/record/read-run.ts';
import { nameIn } from '../core/settings.ts';
import { isFinal } from './arms/arms.ts';
import { namedArms, type NamedArm } from './arms/named-arms.ts';
import { estimate, observe, verified } from './arms/readings.ts';
import { isComparison } from './tables/comparison.ts';
import { figureText, intervalText } from './tables/table.ts';

/** What a run was made to find out, and how far it did. A sentence or two each. */
export interface Headline {
  readonly question: string;
  readonly answer: string;
  /** Whether the data decide it. */
  readonly decision: string;
  /** What would decide it; `null` where it is decided. */
  readonly remedy: string | null;
  /** The arms that the question is about, the best first, and those that set its scale, on the split of the answer. */
  readonly split: string;
  readonly arms: readonly ScoredArm[];
}

export interface ScoredArm {
  readonly arm: NamedArm;
  readonly success: Estimate;
  readonly observations: readonly Observation[];
}

/** The headline of a run; `null` where no arm has a scored episode. */
export function headlineOf(run: Run): Headline | null {
  const arms = namedArms(run.manifest.jobs).all;
  const asked = questionOf(run, arms);
  const split = splitOf(run, asked.contenders.length > 0 ? asked.contenders : arms);
  const scored = (among: readonly NamedArm[]) => among.flatMap((arm) => scoredArm(run, arm, split));
  const contenders = scored(asked.contenders).toSorted((a, b) => b.success.value - a.success.value);
  const [leader, ...others] = contenders;
  if (!leader) return null;
  const bounds = scored(boundsOf(arms, asked.contenders, leader.arm));
  const shown = [...contenders, ...bounds];
  const question = asked.question(`${splitName(split)} tasks`);
  const best = `${subjectOf(leader.arm)} solves ${shareText(leader.success)}`;
  if (others.length === 0)
    return { question, answer: `${best}.${scaleText(bounds)}`, ...aboutWidth(leader), split, arms: shown };
  const next = others[0] as ScoredArm;
  const answer = `${best}; next comes ${whoOf(next.arm)} with ${shareText(next.success)}.${scaleText(bounds)}`;
  return { question, answer, ...verdictOf(leader, others), split, arms: shown };
}

/** The headline in plain sentences. */
export const headlineText = ({ question, answer, decision, remedy }: Headline): string =>
  [question, answer, decision, ...(remedy === null ? [] : [remedy.replaceAll('`', '')])].join('\n');

interface Question {
  readonly question: (tasks: string) => string;
  readonly contenders: readonly NamedArm[];
}

/** Bounds of what can be solved: the policy that knows the reference plan, and those that know nothing. */
const isCeiling = ({ policy, training }: NamedArm['jobs'][number]): boolean =>
  training === null && nameIn(policy) === 'oracle';
const isFloor = ({ policy, training }: NamedArm['jobs'][number]): boolean =>
  training === null && ['no-op', 'random'].includes(nameIn(policy));
const isScale = (job: NamedArm['jobs'][number]): boolean => isCeiling(job) || isFloor(job);

/** The widest comparison that the run was made for. */
function questionOf(run: Run, arms: readonly NamedArm[]): Question {
  const able = arms.filter(({ jobs }) => !jobs.every(isCeiling));
  const learnt = arms.filter(({ jobs }) => jobs.every(({ training }) => training !== null));
  const inTable = (table: 'rewards' | 'views' | 'algorithms') =>
    learnt.filter(({ jobs: [first] }) => first?.rows[table] !== undefined);
  for (const [table, which] of [
    ['rewards', 'Which reward trains the policy that solves most of the'],
    ['algorithms', 'Which algorithm trains the policy that solves most of the'],
    ['views', 'In which view of the tools does a trained policy solve most of the'],
  ] as const)
    if (inTable(table).length > 1) return { question: (tasks) => `${which} ${tasks}?`, contenders: inTable(table) };
  if (learnt.length > 0) {
    const fixed = able.filter((arm) => !learnt.includes(arm));
    return {
      question: (tasks) => `Does a policy that was trained solve more of the ${tasks} than those that were not?`,
      contenders: [...learnt, ...fixed],
    };
  }
  const contenders = able.length > 0 ? able : arms;
  const [only] = contenders;
  if (contenders.length === 1 && only)
    return { question: (tasks) => `How many of the ${tasks} does ${only.name} solve?`, contenders };
  const what = isComparison(run) ? 'Which policy' : 'Which policy and view of the tools';
  return { question: (tasks) => `${what} solves most of the ${tasks}?`, contenders };
}

/** Bounds in the view of the arm that they are to be held against, where they are no contenders themselves. */
const boundsOf = (
  arms: readonly NamedArm[],
  contenders: readonly NamedArm[],
  { jobs: [first] }: NamedArm,
): NamedArm[] =>
  arms.filter((arm) => !contenders.includes(arm) && arm.jobs.every((job) => isScale(job) && job.view === first?.view));

/** The split of the answer: `test`, else the first that the arms were measured on. */
function splitOf({ episodes }: Run, arms: readonly NamedArm[]): string {
  const jobs = new Set(arms.flatMap((arm) => arm.jobs.map(({ name }) => name)));
  const phases = new Set(episodes.filter((one) => jobs.has(one.job) && isFinal(one)).map(({ phase }) => phase));
  return phases.has('test') ? 'test' : ([...phases][0] ?? 'test');
}

const splitName = (split: string): string => split.replaceAll('-', ' ');

function scoredArm({ episodes }: Run, arm: NamedArm, split: string): ScoredArm[] {
  const jobs = new Set(arm.jobs.map(({ name }) => name));
  const mine = episodes.filter(({ job, phase }) => phase === split && jobs.has(job));
  const success = estimate(mine, verified);
  return success ? [{ arm, success, observations: observe(mine, verified) }] : [];
}

/** An arm in a sentence, e.g. `the policy trained on rubric`. */
function whoOf({ name, jobs: [first] }: NamedArm): string {
  if (!first?.training) return name;
  if (first.rows.rewards !== undefined) return `the policy trained on ${name}`;
  return `the policy trained by ${name}`;
}

const subjectOf = (arm: NamedArm): string => whoOf(arm).replace(/^the /, 'The ');

/** e.g. `0.41 of 60 tasks (0.29 to 0.53, over 4 seeds)`. */
function shareText({ value, low, high, tasks, seeds }: Estimate): string {
  const over = seeds > 1 ? `, over ${seeds} seeds` : '';
  const range = low === null || high === null ? 'no interval' : intervalText(low, high, 'share');
  return `${figureText(value, 'share')} of ${tasks} tasks (${range}${over})`;
}

/** What those reach that set the scale. */
function scaleText(bounds: readonly ScoredArm[]): string {
  const said = bounds.map(({ arm, success }) => {
    const why = arm.jobs.every(isCeiling) ? ' (it knows the reference plan)' : '';
    return `${arm.name} ${figureText(success.value, 'share')}${why}`;
  });
  return said.length === 0 ? '' : ` For the scale: ${said.join(', ')}.`;
}

/** Chance that a run of the size that is told would decide it, were the difference as large as it looks. */
const power = 0.8;
/** Tasks, or multiples of a run, beyond which nobody would go. */
const mostTasks = 20_000;
const mostTimes = 200;

interface Difference {
  readonly other: ScoredArm;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Whether the first is told apart from each of the others, at 95 % together, as the tables of differences have it. */
function verdictOf(leader: ScoredArm, others: readonly ScoredArm[]): Pick<Headline, 'decision' | 'remedy'> {
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
    return { decision: 'Not decided: too few tasks are in common for an interval.', remedy: 'Play more tasks.' };
  const [nearest] = differences.toSorted((a, b) => a.low - b.low) as [Difference, ...Difference[]];
  const by = `by ${figureText(nearest.value, 'share')} (${intervalText(nearest.low, nearest.high, 'share')})`;
  if (told.length === others.length) {
    const whom = others.length === 1 ? whoOf(nearest.other.arm) : `each of the ${others.length} others`;
    const least = others.length === 1 ? by : `from ${whoOf(nearest.other.arm)}, the hardest to tell apart, ${by}`;
    return { decision: `Decided: it is better than ${whom}, ${least}.`, remedy: null };
  }
  const open = differences.filter((one) => !told.includes(one));
  const [closest] = open.toSorted((a, b) => b.value - a.value) as [Difference, ...Difference[]];
  const { value, low, high } = closest;
  const rest = open.length === 1 ? '' : `, nor from ${open.length - 1} more`;
  const better = told.length === 0 ? '' : ` It is better than ${told.length} of the ${others.length} others.`;
  return {
    decision:
      `Not decided: no significant difference from ${whoOf(closest.other.arm)}, ${figureText(value, 'share')} ` +
      `(${intervalText(low, high, 'share')})${rest}.${better}`,
    remedy: remedyOf(leader, closest, level),
  };
}

/** A policy that does not learn has one seed, and stands for itself beside each seed of one that does. */
function alike(first: ScoredArm, second: ScoredArm): readonly [Observation[], Observation[]] {
  const seedsOf = ({ observations }: ScoredArm) => new Set(observations.map(({ seed }) => seed));
  const spread = (one: ScoredArm, seeds: ReadonlySet<number>) =>
    one.arm.jobs.some(({ training }) => training !== null)
      ? [...one.observations]
      : one.observations.flatMap((observation) => [...seeds].map((seed) => ({ ...observation, seed })));
  return [spread(first, seedsOf(second)), spread(second, seedsOf(first))];
}

/** By the width of the interval, which goes with the root of the number of tasks (of tasks and seeds, where there are several). */
function remedyOf(leader: ScoredArm, { value, low, high }: Difference, level: number): string {
  const { tasks, seeds } = leader.success;
  const quantile = probit((1 + level) / 2);
  const times = ((((quantile + probit(power)) / quantile) * ((high - low) / 2)) / value) ** 2;
  const many = Math.ceil(tasks * times);
  if (!(value > 0) || times > mostTimes || many > mostTasks)
    return `More of the same will hardly decide it: take them for equal, within ${intervalText(low, high, 'share')}.`;
  const size = seeds > 1 ? `${times.toFixed(1)} times as many tasks and seeds` : `${many} tasks in place of ${tasks}`;
  const few = seeds < 5 && leader.arm.jobs.some(({ training }) => training !== null) ? ', from five seeds on,' : '';
  return `If the difference is as large as it looks, about ${size}${few} would show it four times in five.`;
}

/** What the one policy's interval is, and what would halve it. */
function aboutWidth({ success: { low, high, tasks } }: ScoredArm): Pick<Headline, 'decision' | 'remedy'> {
  const beside = 'Another policy beside it (`--policy A B`) makes a comparison';
  if (low === null || high === null) return { decision: 'Too few tasks for an interval.', remedy: `${beside}.` };
  return {
    decision: `Nothing is compared; the share is known to within ${intervalText(low, high, 'share')}.`,
    remedy: `${beside}; four times as many tasks, ${4 * tasks}, halve the interval.`,
  };
}
