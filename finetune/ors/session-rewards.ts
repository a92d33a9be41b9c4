import { earnedIn } from '../../core/run/reward-source.ts';
import type { RewardComponent, RewardName } from '../../core/reward-types.ts';
import type { Timing } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { rewardComponents } from '../../judges/rubric/components.ts';

/** What the sessions of a server earn: by code, or by a judge of the user's. */
export interface SessionRewards {
  readonly reward: RewardName;
  /** Throws `UsageError` where the judge has no rubric of a task. */
  readonly check: (task: Task) => void;
  /** An episode with what the judge says of it. Whatever breaks leaves it without a reward, and nothing is thrown. */
  readonly judged: (task: Task, scored: ScoredTrajectory, signal: AbortSignal) => Promise<ScoredTrajectory>;
  /** What the reward is the sum of; null where there is none, or it is no rubric's, or no sum. */
  readonly components: (task: Task, scored: ScoredTrajectory) => readonly RewardComponent[] | null;
  /** Why no further episode can be rewarded, with the cure; undefined while the judge answers. */
  readonly lost: () => string | undefined;
  readonly counts: () => RewardCounts;
  /** What judging has taken, for `timings.jsonl`; undefined where nobody was waited for. */
  readonly timing: () => Pick<Timing, 'episodes' | 'seconds' | 'judge'> | undefined;
}

/** Numbers since the start: episodes that wait for the judge, and whole ones that have no reward. */
export interface RewardCounts {
  readonly judging: number;
  readonly unjudged: number;
}

/** Whether a whole episode has no reward. */
export const isUnrewarded = (reward: RewardName, scored: ScoredTrajectory): boolean =>
  scored.outcome.kind !== 'failed' && earnedIn(reward, scored) === null;

/** Code's rewards, which every episode has as it ends. */
export function codeRewards(reward: RewardName): SessionRewards {
  let unjudged = 0;
  return {
    reward,
    check: () => undefined,
    judged: async (_task, scored) => {
      if (isUnrewarded(reward, scored)) unjudged++;
      return scored;
    },
    components: (task, scored) =>
      reward === 'rubric' && earnedIn(reward, scored) !== null ? rewardComponents(task.rubric, scored.verdicts) : null,
    lost: () => undefined,
    counts: () => ({ judging: 0, unjudged }),
    timing: () => undefined,
  };
}
