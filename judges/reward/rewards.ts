import { messageOf, TaskFailure } from '../../core/errors.ts';
import type { Verdict } from '../../core/reward-types.ts';
import type { Judge, ScoredTrajectory, Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import codeJudge from '../code/code-judge.ts';
import { rubricReward } from '../rubric/rubric.ts';
import { stateShare } from '../truth/state-share.ts';
import { verify } from '../truth/verifier.ts';

/**
 * Verifier, judge and the three rewards on a finished trajectory. Pure; a void episode has no success and no reward, one whose success
 * is for a judge has the rubric's alone. One
 * whose checks cannot be evaluated is void, culprit task: never a failed policy.
 */
export function score(task: Task, trajectory: Trajectory, judge: Judge = codeJudge): ScoredTrajectory {
  try {
    return scored(task, trajectory, judge);
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    return scored(
      task,
      { ...trajectory, outcome: { kind: 'failed', culprit: 'task', message: messageOf(error) } },
      judge,
    );
  }
}

/** Only a void episode has none. */
const rubricOf = (task: Task, { outcome }: Trajectory, verdicts: readonly Verdict[]): number | null =>
  outcome.kind === 'failed' ? null : rubricReward(task.rubric, verdicts);

function scored(task: Task, trajectory: Trajectory, judge: Judge): ScoredTrajectory {
  const success = verify(task, trajectory);
  const verdicts = judge(task, trajectory);
  const rewards =
    success === null
      ? { sparse: null, 'state-share': null, rubric: rubricOf(task, trajectory, verdicts) }
      : {
          sparse: success.verified ? 1 : 0,
          'state-share': stateShare(task, trajectory),
          rubric: rubricOf(task, trajectory, verdicts),
        };
  return { ...trajectory, success, verdicts, rewards };
}
