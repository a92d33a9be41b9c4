import type { Trajectory } from '../../core/trajectory.ts';
import type { Success } from '../../core/reward-types.ts';
import type { Task } from '../../core/types.ts';
import { isForJudge, isReached, reach } from './goal.ts';

/**
 * The truth about an episode, from its record alone; `null` for a void episode, and where code finds nothing wrong and the rest is for
 * a judge.
 * @throws TaskFailure for a check that cannot be evaluated.
 */
export function verify(task: Task, trajectory: Trajectory): Success | null {
  const { outcome } = trajectory;
  if (outcome.kind === 'failed') return null;
  const verified = isReached(reach(task, trajectory));
  if (verified && isForJudge(task)) return null;
  return { verified, properFinish: verified && outcome.kind === 'terminated' };
}
