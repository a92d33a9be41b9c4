import { messageOf, UsageError } from '../../core/errors.ts';
import { earnedIn, judgeWatch, lostJudgeText, withJudge } from '../../core/run/reward-source.ts';
import type { RewardComponent, RewardName } from '../../core/reward-types.ts';
import type { Timing } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import type { OpenRewardJudge } from '../../judges/reward/reward-judge.ts';
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

const cure = 'Make it answer again, then re-run the same command to resume.';

/** Numbers since the start: episodes that wait for the judge, and whole ones that have no reward. */
export interface RewardCounts {
  readonly judging: number;
  readonly unjudged: number;
}

/** A judge that rewards by the rubric in place of code, and what it is watched with. */
export interface Judging {
  readonly judge: OpenRewardJudge;
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number;
  /** Hears once that the judge is gone. */
  readonly told: (sentence: string) => void;
}

/** Rewards of sessions. A judge is shown each as it ends, by itself, while the others go on; without one code rewards. */
export function sessionRewards(reward: RewardName, judging?: Judging): SessionRewards {
  const { judge, clock = () => 0, told = () => undefined }: Partial<Judging> = judging ?? {};
  const watch = judgeWatch();
  const busy = busyTime(clock);
  let lost: string | undefined;
  const lose = (why: string) => {
    if (lost !== undefined) return;
    lost = `${why} ${cure}`;
    told(lost);
  };
  let [judgedCount, unjudged] = [0, 0];
  const answered = async (open: OpenRewardJudge, task: Task, scored: ScoredTrajectory, signal: AbortSignal) => {
    busy.begin();
    try {
      const [judged = scored] = await withJudge(open.source, task, [scored], signal);
      return judged;
    } catch (error) {
      const isGone = !signal.aborted && error instanceof UsageError;
      const said = isGone ? error.message : messageOf(error);
      const reason = signal.aborted ? 'the server was stopped before the judge had answered' : said;
      // No answer could ever come, so that nobody waits for more failures.
      if (isGone) lose(`The judge that rewards the training answers no more. ${said.replace(/\.$/, '')}.`);
      return { ...scored, judged: unanswered(open.shown(task), reason) };
    } finally {
      busy.end();
    }
  };
  const judged: SessionRewards['judged'] = async (task, scored, signal) => {
    const one = judge ? await answered(judge, task, scored, signal) : scored;
    const isVoid = one.outcome.kind === 'failed';
    if (!isVoid && earnedIn(reward, one) === null) unjudged++;
    if (!judge || isVoid) return one;
    judgedCount++;
    const failures = signal.aborted ? undefined : watch(one);
    if (failures) lose(lostJudgeText(judge.use.judge.name, failures));
    return one;
  };
  return {
    reward,
    check: (task) => void judge?.shown(task),
    judged,
    components: (task, scored) => {
      if (reward !== 'rubric' || earnedIn(reward, scored) === null) return null;
      if (!judge) return rewardComponents(task.rubric, scored.verdicts);
      return judge.isSum && scored.judged ? judge.components(task, scored.judged) : null;
    },
    lost: () => lost,
    counts: () => ({ judging: busy.count(), unjudged }),
    timing: () => {
      if (judgedCount === 0) return undefined;
      return {
        episodes: judgedCount,
        seconds: busy.seconds(),
        ...(judge?.costs ? { judge: callsIn(judge.costs()) } : {}),
      };
    },
  };
}

/** What a judge that never answered said. */
const unanswered = ({ rubric }: Task, reason: string): NonNullable<ScoredTrajectory['judged']> => ({
  verdicts: rubric.criteria.map(({ id }) => ({ criterion: id, state: 'unscored', reason, cause: 'failed' })),
  reward: null,
});

const callsIn = ({ calls, cachedCalls, promptTokens, outputTokens }: NonNullable<Timing['judge']>) => ({
  calls,
  cachedCalls,
  promptTokens,
  outputTokens,
});

/** Seconds in which somebody was waited for, however many at once. */
function busyTime(clock: () => number) {
  let [count, since, milliseconds] = [0, 0, 0];
  return {
    begin: () => {
      if (count++ === 0) since = clock();
    },
    end: () => {
      if (--count === 0) milliseconds += clock() - since;
    },
    count: () => count,
    seconds: () => milliseconds / 1000,
  };
}
