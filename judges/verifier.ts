import { flatten } from '../core/facts.ts';
import type { Trajectory } from '../core/trajectory.ts';
import type { Success, Task } from '../core/types.ts';

/** The truth about an episode, from its recorded end state alone; `null` for a void episode. */
export function verify(task: Task, trajectory: Trajectory): Success | null {
  const { outcome, evidence } = trajectory;
  if (outcome.kind === 'failed') return null;
  const verified = flatten(task.expected).symmetricDifference(flatten(evidence)).size === 0;
  return { verified, properFinish: verified && outcome.kind === 'terminated' };
}
