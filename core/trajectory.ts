import type { RecordedNames } from './alias-types.ts';
import type { JudgeErrors, JudgeIdentity } from './calibration-types.ts';
import type { Rewards, Success, Verdict } from './reward-types.ts';
import type { Facts } from './facts.ts';
import type { Execution } from './execution.ts';
import type { Call, Decision, Task, ViewName } from './types.ts';

export type { Call } from './types.ts';

/* ---- trajectory --------------------------------------------------------------------------------------------- */

/** Prompt tokens of one turn by source; `schemas` per server. Sums to the rendered prompt, exactly. */
export interface LedgerRow {
  readonly system: number;
  readonly schemas: Readonly<Record<string, number>>;
  readonly results: number;
  /** User prompt and earlier calls. */
  readonly history: number;
  /** Earlier turns in which the policy wrote a program; absent where there is none. */
  readonly code?: number;
  /** Whole rendered prompt of this turn, generation prompt included. */
  readonly prompt: number;
  /** Tokens the policy wrote in this turn. */
  readonly output: number;
}

/** One decision of the policy and what came of it. */
export interface Turn extends Omit<Decision, 'calls'> {
  /** In the order in which they were carried out; at least one. Those of a program stand before it. */
  readonly calls: readonly Call[];
  /** What the user said next: the turn ended a message of several, by `finish`. */
  readonly user?: string;
  readonly tokens: LedgerRow;
}

/** All calls of an episode, in their order. */
export const callsOf = ({ turns }: Pick<Trajectory, 'turns'>): readonly Call[] => turns.flatMap(({ calls }) => calls);

export const truncationCauses = ['turns', 'context', 'endpoint-context', 'refusal', 'left', 'damage'] as const;
export type TruncationCause = (typeof truncationCauses)[number];

export type Culprit = 'world' | 'policy' | 'judge' | 'task';

/**
 * How an episode ended. Terminated and truncated are never merged; a void (failed) episode is not a zero. `context`: the next
 * prompt would exceed the limit; `endpoint-context`: the endpoint said that the prompt exceeds its own; `refusal`: a filter of
 * the endpoint refused; `left`: the policy stopped without `finish`; `damage`: its calls left a world that cannot be read back.
 */
export type Outcome =
  | { readonly kind: 'terminated'; readonly answer: string }
  | { readonly kind: 'truncated'; readonly cause: TruncationCause }
  | { readonly kind: 'failed'; readonly culprit: Culprit; readonly message: string };

/** Names one episode. */
export interface EpisodeKey {
  /** Job that owns the episode, e.g. `rewards/rubric/seed-1`. */
  readonly job: string;
  /** `train` or the evaluated split. */
  readonly phase: string;
  readonly task: string;
  /** Repetition of the task within job and phase; in training the member of its group, of later rounds over all tasks on from there. */
  readonly repetition: number;
}

/** The record's key in one string, e.g. `rubric/seed-1 train basic/file-notes/train/0007 3`. */
export const keyText = (key: EpisodeKey): string => `${key.job} ${key.phase} ${key.task} ${key.repetition}`;

/** Reads what `keyText` wrote. */
export function keyIn(text: string): EpisodeKey {
  const [job = '', phase = '', task = '', repetition = ''] = text.split(' ');
  return { job, phase, task, repetition: Number(repetition) };
}

/** The record of one episode: the only artefact. No clock time in it. Version 1 had one call a turn, in place of a list. */
export interface Trajectory {
  readonly version: 2;
  readonly key: EpisodeKey;
  readonly policy: string;
  readonly policyVersion: number;
  readonly view: ViewName;
  /** Absent: `calls`. */
  readonly execution?: Execution;
  readonly seed: number;
  /** SHA-256 (hex) of the system prompt, whose text stands once in `systems.jsonl`. */
  readonly system: string;
  readonly prompt: string;
  /** What its names stand for; absent where they are real. */
  readonly aliases?: RecordedNames;
  readonly turns: readonly Turn[];
  /** Set where the very first prompt was longer than the limit, so that there is no turn: both in tokens. */
  readonly overflow?: { readonly promptTokens: number; readonly contextTokens: number };
  readonly outcome: Outcome;
  readonly startHash: string;
  /** Facts at the start, where set-up calls made them; absent where they are the task's initial ones. */
  readonly start?: Facts;
  /** Facts at the end; equal to the task's initial facts where nothing changed. Those of inspections stand under ''. */
  readonly evidence: Facts;
}

/** A trajectory with what verifier and judge said of it. `null` success: the episode is void, or whether it succeeded is for a judge. */
export interface ScoredTrajectory extends Trajectory {
  readonly success: Success | null;
  readonly verdicts: readonly Verdict[];
  readonly rewards: Rewards;
  /** Of policies that are rewarded by another judge than code: what that judge said. */
  readonly judged?: Judged;
}

/** What a judge other than code says of an episode whose policy it rewards. No truth is in it. */
export interface Judged {
  readonly verdicts: readonly Verdict[];
  /** `null`: the judge scored nothing that the reward needs, or the episode is void. */
  readonly reward: number | null;
  /** Variance that the judge's errors give the reward; absent where there is no reward. */
  readonly variance?: number;
  /**
   * What code, which makes no errors, gives by the same rubric and formula, to measure the judge by and never for the learner; absent where that is the
   * reward `rubric`, or code cannot decide the criteria.
   */
  readonly byCode?: number | null;
}

/** A judge as a source of rewards: what it says of episodes of one task, in their order. */
export type RewardSource = (
  task: Task,
  episodes: readonly ScoredTrajectory[],
  signal: AbortSignal,
) => Promise<readonly Judged[]>;

/** Scores a finished trajectory at once; pure. What training is rewarded by. */
export type Judge = (task: Task, trajectory: Trajectory) => readonly Verdict[];

/**
 * Any judge, one that must be waited for included: what it is called, and what it says of trajectories of one task (a
 * group, for a judge that compares them). The answer holds a list per trajectory, in their order, with a verdict per
 * criterion of the task's rubric, in its order. A call that is refused, unparseable or failed is an unscored verdict with
 * that cause: the promise rejects on abort alone, or with `UsageError` where no answer could ever come (no such model).
 */
export interface JudgeBackend extends JudgeIdentity {
  /** Its errors, of all criteria or by their ids, where they were planted. */
  readonly planted?: (criterion: string) => JudgeErrors;
  readonly judge: (
    task: Task,
    trajectories: readonly Trajectory[],
    signal?: AbortSignal,
  ) => Promise<readonly (readonly Verdict[])[]>;
}
