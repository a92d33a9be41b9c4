import { messageOf, UsageError } from '../../core/errors.ts';
import { callsSince } from '../../core/run/judge-calls.ts';
import { judgeWatch, lostJudgeText, withJudge, withJudgeCure } from '../../core/run/reward-source.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import type { OpenRewardJudge } from '../../judges/reward/reward-judge.ts';
import { isUnrewarded, type SessionRewards } from './session-rewards.ts';

/** A judge that rewards by the rubric in place of code, and what it is watched with. */
export interface Judging {
  readonly judge: OpenRewardJudge;
  /** Milliseconds of a monotonic clock. */
  readonly clock: () => number;
  /** Hears once that the judge is gone. */
  readonly told: (sentence: string) => void;
}

/** A judge's rewards: it is shown each episode as it ends, by itself, while the others go on. */
export function judgedRewards({ judge, clock, told }: Judging): SessionRewards {
  const watch = judgeWatch();
  const busy = busyTime(clock);
  const before = judge.costs?.();
  let lost: string | undefined;
  const lose = (sentence: string) => {
    if (lost === undefined) told((lost = sentence));
  };
  let [judgedCount, unjudged] = [0, 0];
  const answered = async (task: Task, scored: ScoredTrajectory, signal: AbortSignal) => {
    busy.begin();
    try {
      const [judged = scored] = await withJudge(judge.source, task, [scored], signal);
      return judged;
    } catch (error) {
      const isGone = !signal.aborted && error instanceof UsageError;
      const said = isGone ? error.message : messageOf(error);
      const reason = signal.aborted ? 'the server was stopped before the judge had answered' : said;
      // No answer could ever come, so that nobody waits for more failures.
      if (isGone) lose(withJudgeCure(`The judge that rewards the training answers no more. ${said}`));
      return { ...scored, judged: unanswered(judge.shown(task), reason) };
    } finally {
      busy.end();
    }
  };
  return {
    reward: 'rubric',
    check: (task) => void judge.shown(task),
    judged: async (task, scored, signal) => {
      const one = await answered(task, scored, signal);
      if (isUnrewarded('rubric', one)) unjudged++;
      if (one.outcome.kind === 'failed') return one;
      judgedCount++;
      const failures = signal.aborted ? undefined : watch(one);
      if (failures) lose(lostJudgeText(judge.use.judge.name, failures));
      return one;
    },
    components: (task, { judged }) => (judge.isSum && judged?.reward != null ? judge.components(task, judged) : null),
    lost: () => lost,
    counts: () => ({ judging: busy.count(), unjudged }),
    timing: () => {
      if (judgedCount === 0) return undefined;
      const cost = before && judge.costs ? { judge: callsSince(before, judge.costs()) } : {};
      return { episodes: judgedCount, seconds: busy.seconds(), ...cost };
    },
  };
}

/** What a judge that never answered said. */
const unanswered = ({ rubric }: Task, reason: string): NonNullable<ScoredTrajectory['judged']> => ({
  verdicts: rubric.criteria.map(({ id }) => ({ criterion: id, state: 'unscored', reason, cause: 'failed' })),
  reward: null,
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
