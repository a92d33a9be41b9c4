import type { Verdict } from '../core/reward-types.ts';
import type { JudgeBackend, Trajectory } from '../core/trajectory.ts';
import type { Task } from '../core/types.ts';

/**
 * Default export of each file in `judges/models/`, which is named by its file: `FILE` or `FILE:ARGUMENT`. Help loads all of
 * these files, so that each loads what judges once it is opened.
 */
export interface JudgeDefinition {
  /** How it stands in help and in faults, e.g. `code` or `ollama:MODEL`. */
  readonly usage: string;
  /** What is known of the judge that comes with Toolstone; absent: nothing. */
  readonly calibration?: BundledCalibration;
  /** Throws `UsageError` where what the argument names is not there; it is '' where none is given. */
  readonly open: (argument: string, context: JudgeContext) => Promise<JudgeBackend>;
}

/** A judge of a user's own: its build is told by its file, its prompt unless it has one is none. */
export type OwnJudge = Pick<JudgeBackend, 'name' | 'judge'> & Partial<JudgeBackend>;

/** Default export of a module that `--judge` names by its path. */
export interface OwnJudgeDefinition extends Omit<JudgeDefinition, 'open'> {
  readonly open: (argument: string, context: JudgeContext) => OwnJudge | Promise<OwnJudge>;
}

/** Records of `toolstone calibrate` that come with a judge. */
export interface BundledCalibration {
  readonly file: URL;
  /** By this name it holds what the judge is worth when it is asked for one holistic score. */
  readonly holisticName: string;
}

/** What a caller lends to the judges that it opens. */
export interface JudgeResources {
  /** Where verdicts are kept by content; without it every one is asked for. */
  readonly cacheFolder?: string;
  /** Milliseconds of a steady clock, for latencies. */
  readonly now?: () => number;
}

export interface JudgeContext extends JudgeResources {
  /** Opens another judge by its name, with the same resources: for judges that are made of others. */
  readonly judgeNamed: (name: string) => Promise<JudgeBackend>;
}

/**
 * What a judge says of trajectories of one task, a verdict per criterion in the rubric's order whatever it answered: a void
 * episode is not shown to it, nor one without criteria; what it leaves out is `failed`, and a score that is no number within
 * 0..1 `unparseable`.
 */
export async function ask(
  { judge }: JudgeBackend,
  task: Task,
  trajectories: readonly Trajectory[],
  signal?: AbortSignal,
): Promise<readonly (readonly Verdict[])[]> {
  // No reply of a model could be used as the task's rubric.
  if (task.rubric.criteria.length === 0) return trajectories.map(() => []);
  const shown = trajectories.filter(({ outcome }) => outcome.kind !== 'failed');
  const answers = shown.length === 0 ? [] : await judge(task, shown, signal);
  return trajectories.map((trajectory) => {
    const { outcome } = trajectory;
    if (outcome.kind !== 'failed') return completed(task, answers[shown.indexOf(trajectory)] ?? []);
    const reason = `the episode is void, culprit ${outcome.culprit}`;
    return task.rubric.criteria.map(({ id }) => ({ criterion: id, state: 'unscored', reason }));
  });
}

function completed({ rubric }: Task, verdicts: readonly Verdict[]): Verdict[] {
  const byCriterion = new Map(verdicts.map((verdict) => [verdict.criterion, verdict]));
  return rubric.criteria.map(({ id }): Verdict => {
    const verdict = byCriterion.get(id);
    if (!verdict) return { criterion: id, state: 'unscored', reason: 'the judge said nothing of it', cause: 'failed' };
    if (verdict.state === 'unscored' || (verdict.score >= 0 && verdict.score <= 1)) return verdict;
    const reason = `the score ${verdict.score} is no number from 0 to 1`;
    return { criterion: id, state: 'unscored', reason, cause: 'unparseable' };
  });
}
