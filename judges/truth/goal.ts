import { compareFacts, describeFact } from '../../core/facts.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Goal } from '../../core/goal-types.ts';
import type { Task } from '../../core/types.ts';
import { checkPasses, isGuard } from './checks.ts';
import { describeTest, passes } from './text-test.ts';

/** How much of a task's goal an episode reached, counted in changes or checks. */
export interface Reach {
  /** Changes asked for (the answer is one), or checks that are no guards. */
  readonly required: number;
  /** Those of them that were brought about. */
  readonly right: number;
  /** Changes that nobody asked for, or guards that failed. */
  readonly damage: number;
}

/**
 * Pure: reads the task and the recorded episode alone.
 * @throws TaskFailure for a check that cannot be evaluated.
 */
export function reach(task: Task, trajectory: Trajectory): Reach {
  const { goal } = task;
  if (trajectory.outcome.kind === 'truncated' && trajectory.outcome.cause === 'damage') return nothingReached(task);
  // Nobody was asked: a goal that holds from the start is no success of the policy's.
  if (trajectory.overflow) return { ...nothingReached(task), damage: 0 };
  if (goal.kind === 'state') return stateReach(task, goal, trajectory);
  const decided = goal.checks.filter(({ kind }) => kind !== 'judged');
  const results = decided.map((check) => ({
    isGuard: isGuard(check, task, trajectory),
    passes: checkPasses(check, task, trajectory),
  }));
  const asked = results.filter((one) => !one.isGuard);
  return {
    required: asked.length,
    right: asked.filter((one) => one.passes).length,
    damage: results.filter((one) => one.isGuard && !one.passes).length,
  };
}

/** Whether the goal asks for something that code does not decide. */
export const isForJudge = ({ goal }: Pick<Task, 'goal'>): boolean =>
  goal.kind === 'checks' && goal.checks.some(({ kind }) => kind === 'judged');

/** Nothing missing, nothing too many. */
export const isReached = ({ required, right, damage }: Reach): boolean => right === required && damage === 0;

function stateReach(task: Task, goal: Goal & { readonly kind: 'state' }, { outcome, evidence }: Trajectory): Reach {
  const { required, right, damage } = compareFacts(task.initial, goal.expected, evidence);
  if (goal.answer === null) return { required, right, damage };
  const isAnswered = outcome.kind === 'terminated' && passes(goal.answer, outcome.answer, 'exact');
  return { required: required + 1, right: right + (isAnswered ? 1 : 0), damage };
}

/** The end state of a damaged world is not known; whatever it is, nobody asked for it. */
function nothingReached({ goal, initial }: Task): Reach {
  const required =
    goal.kind === 'state'
      ? compareFacts(initial, goal.expected, initial).required + (goal.answer === null ? 0 : 1)
      : goal.checks.length;
  return { required: Math.max(1, required), right: 0, damage: 1 };
}

/** What the goal asks for, in words, one thing each. */
export function describeGoal(initial: Task['initial'], goal: Goal): string[] {
  if (goal.kind === 'checks') return goal.checks.map((check) => check.name);
  const { additions, removals } = compareFacts(initial, goal.expected, initial);
  return [
    ...additions.map(describeFact),
    ...removals.map((one) => `no longer ${describeFact(one)}`),
    ...(goal.answer ? [`the final answer is ${describeTest(goal.answer)}`] : []),
  ];
}
