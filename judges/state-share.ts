import { compareFacts } from '../core/facts.ts';
import type { Trajectory } from '../core/trajectory.ts';
import type { Task } from '../core/types.ts';

/**
 * Share of the end state that is right, in 0..1: right changes / (changes asked for + changes nobody asked for). 0 for
 * doing nothing, 1 exactly when the verifier is satisfied.
 */
export function stateShare(task: Task, trajectory: Trajectory): number {
  const { right, required, damage } = compareFacts(task.initial, task.expected, trajectory.evidence);
  return required + damage === 0 ? 1 : right / (required + damage);
}
