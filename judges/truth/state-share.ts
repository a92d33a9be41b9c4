import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { reach } from './goal.ts';

/**
 * Share of the goal that is reached, in 0..1: right changes / (changes asked for + changes nobody asked for), or checks
 * alike. 0 for doing nothing, 1 exactly when the verifier is satisfied.
 */
export function stateShare(task: Task, trajectory: Trajectory): number {
  const { right, required, damage } = reach(task, trajectory);
  return required + damage === 0 ? 1 : right / (required + damage);
}
