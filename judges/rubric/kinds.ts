import { UsageError } from '../../core/errors.ts';
import type { Rubric } from '../../core/reward-types.ts';
import type { RubricKind } from '../../core/rubric-kinds.ts';
import { isOwnSuiteName } from '../../core/task-id.ts';
import type { Task } from '../../core/types.ts';
import { describeGoal } from '../truth/goal.ts';
import { genericRubric, planRubric } from './criteria.ts';
import { endStateRubric } from './end-state.ts';

/**
 * A task's rubric of a kind.
 * @throws UsageError where the task states no criteria, or has no plan to make them of.
 */
export function rubricOf(task: Task, kind: RubricKind): Rubric {
  const isOwn = isOwnSuiteName(task.suite);
  switch (kind) {
    case 'task':
      if (isOwn) return task.rubric;
      throw new UsageError(
        `Suite ${task.suite} states no criteria: task files do. Choose --rubric plan, end-state, generic or a rubric file.`,
      );
    case 'plan':
      // The house's tasks come with it.
      if (!isOwn) return task.rubric;
      if (task.plan.length > 0) return planRubric(task.plan, describeGoal(task.initial, task.goal));
      throw new UsageError(
        `Task ${task.id} has no plan to make criteria of. Give it one, or choose --rubric task, end-state, generic or a rubric file.`,
      );
    case 'end-state':
      return endStateRubric(task);
    case 'generic':
      return genericRubric;
  }
}
