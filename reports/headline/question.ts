import type { Run } from '../../core/record/read-run.ts';
import type { Job, TableName } from '../../core/run-types.ts';
import { nameIn } from '../../core/settings.ts';
import type { NamedArm } from '../arms/named-arms.ts';
import { calledPolicy } from '../arms/arms.ts';
import { isComparison, isExecutionComparison, isViewComparison } from '../tables/comparison.ts';

/** What a run asks, of tasks that are named, and the arms that it is about. */
export interface Question {
  readonly question: (tasks: string) => string;
  readonly contenders: readonly NamedArm[];
}

/** Bounds of what can be solved: the policy that knows the reference plan, those that know nothing, and what a training begins with. */
export const isCeiling = ({ policy, training }: Job): boolean => training === null && nameIn(policy) === 'oracle';
const isFloor = ({ policy, training }: Job): boolean =>
  training === null && ['no-op', 'random'].includes(nameIn(policy));
export const isUntrained = ({ policy, training }: Job): boolean =>
  training === null && policy.split('?')[0] === 'pointer:untrained';
const isScale = (job: Job): boolean => isCeiling(job) || isFloor(job) || isUntrained(job);

/** The widest comparison that the run was made for. */
export function questionOf(run: Run, arms: readonly NamedArm[]): Question {
  const able = arms.filter(({ jobs }) => !jobs.every(isCeiling));
  const learnt = arms.filter(({ jobs }) => jobs.every(({ training }) => training !== null));
  const inTable = (table: TableName) => learnt.filter(({ jobs: [first] }) => first?.rows[table] !== undefined);
  for (const [table, which] of [
    ['rewards', 'Which reward trains the policy that solves most of the'],
    ['algorithms', 'Which algorithm trains the policy that solves most of the'],
    ['views', 'In which view of the tools does a trained policy solve most of the'],
    ['trials', 'With which settings does a learner solve most of the'],
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
  const [policy, ...others] = new Set(contenders.flatMap(({ jobs }) => jobs.map(calledPolicy)));
  if (policy !== undefined && others.length === 0) {
    if (isViewComparison(run)) {
      const more = isExecutionComparison(run) ? ', and with which execution,' : '';
      return {
        question: (tasks) => `In which view of the tools${more} does ${policy} solve most of the ${tasks}?`,
        contenders,
      };
    }
    if (isExecutionComparison(run))
      return { question: (tasks) => `With which execution does ${policy} solve most of the ${tasks}?`, contenders };
  }
  const ways = [
    ...(isViewComparison(run) ? ['view of the tools'] : []),
    ...(isExecutionComparison(run) ? ['execution'] : []),
  ];
  const what =
    isComparison(run) && ways.length === 0
      ? 'Which policy'
      : `Which policy and ${ways.join(' and ') || 'view of the tools'}`;
  return { question: (tasks) => `${what} solves most of the ${tasks}?`, contenders };
}

/** Bounds that are shown tools and call them as the arm does that they are to be held against, where they are no contenders themselves. */
export const boundsOf = (
  arms: readonly NamedArm[],
  contenders: readonly NamedArm[],
  { jobs: [first] }: NamedArm,
): NamedArm[] =>
  arms.filter(
    (arm) =>
      !contenders.includes(arm) &&
      arm.jobs.every((job) => isScale(job) && job.view === first?.view && job.execution === first.execution),
  );
