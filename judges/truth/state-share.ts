import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { reach, type Reach } from './goal.ts';

/**
 * Share of the goal that is reached, in 0..1: right changes / (changes asked for + changes nobody asked for), or checks
 * alike. 0 for doing nothing, 1 exactly when the verifier is satisfied.
 */
export const stateShare = (task: Task, trajectory: Trajectory): number => shareReached(reach(task, trajectory));

export const shareReached = ({ right, required, damage }: Reach): number =>
  required + damage === 0 ? 1 : right / (required + damage);
