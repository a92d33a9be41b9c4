import { taskIdParts } from '../task-id.ts';
import type { ToolChoice } from './tool-choice.ts';
import type { Place } from './lines.ts';
import type { Execution } from '../execution.ts';
import { finishKind } from '../models/finish.ts';
import { callsOf, type ScoredTrajectory, type Trajectory } from '../trajectory.ts';
import type { RewardName, Success } from '../reward-types.ts';
import type { LostTurn, ViewName } from '../types.ts';
import type { UnclearUsage } from '../usage.ts';

/** Prompt tokens summed over turns by source, and what the policy wrote. */
interface CumulativeTokens {
  readonly system: number;
  readonly schemas: number;
  readonly results: number;
  readonly history: number;
  /** Turns in which the policy wrote a program. */
  readonly code: number;
  readonly output: number;
  /** Whole rendered prompts: the prompt sources together. */
  readonly prompt: number;
  readonly schemasByServer: Readonly<Record<string, number>>;
}

/** What tables need of one trajectory; the trajectory itself stays in the file, at `place`. */
export interface Episode {
  readonly job: string;
  readonly phase: string;
  readonly task: string;
  readonly family: string;
  /** What it shares with tasks that are worded alike; absent where reports were not told, `null` where it is worded by itself. */
  readonly phrasing?: string | null;
  /** The job's seed. */
  readonly seed: number;
  readonly repetition: number;
  readonly view: ViewName;
  readonly execution: Execution;
  /** `null`: the episode is void. */
  readonly success: Success | null;
  readonly rewards: Readonly<Record<RewardName, number | null>>;
  /** Where another judge than code rewarded the policy: its reward. */
  readonly judged: { readonly reward: number | null } | null;
  readonly verdicts: { readonly scored: number; readonly unscored: number };
  /** `terminated`, `truncated: CAUSE`, or `failed: CULPRIT`. */
  readonly ending: string;
  /** What broke, in the words of whoever noticed; `null` unless the episode failed. */
  readonly failure: string | null;
  readonly turns: number;
  /** Turns of a model's in which nothing could be carried out, by why; other policies have none. */
  readonly lost: Readonly<Partial<Record<LostTurn, number>>>;
  /** Replies that were cut at the token bound, with a call or without. */
  readonly cutReplies: number;
  readonly events: { readonly loaded: number; readonly called: number; readonly refused: number };
  /** Longest rendered prompt; of an episode whose first one was too long to be sent, that one. */
  readonly peakTokens: number;
  /** Present where the first prompt was too long: both in tokens. */
  readonly overflow: Trajectory['overflow'] | null;
  /** The endpoint's own counts do not show whether it read all prompts, and why. */
  readonly unclear: UnclearUsage | null;
  readonly tokens: CumulativeTokens;
  /** Tokens of observations that the context budget cut off. */
  readonly cutTokens: number;
  /** How its tools agree with those that its task needs; absent where reports were not told, `null` where nobody knows. */
  readonly tools?: ToolChoice | null;
  /** SHA-256 (hex) of the line; `null` of an episode of which there is but a row (`row-files.ts`). */
  readonly digest: string | null;
  /** Bytes of the line in `trajectories.jsonl`; `null` where there is none. */
  readonly place: Place | null;
  /** What the prompt looks like, counted. */
  readonly request: {
    readonly words: number;
    readonly sentences: number;
    readonly quotes: number;
    readonly numbers: number;
  };
}

/** Reduces a trajectory to its figures. Throws `TypeError` where it has not the shape of one. */
export default function episodeOf(trajectory: ScoredTrajectory, seed: number, digest: string, place: Place): Episode {
  const { key, view, execution = 'calls', prompt, success, rewards, verdicts, turns } = trajectory;
  const calls = callsOf(trajectory);
  const count = (kind: string) => calls.filter(({ event }) => event.kind === kind).length;
  const unscored = verdicts.filter((verdict) => verdict.state === 'unscored').length;
  return {
    job: key.job,
    phase: key.phase,
    task: key.task,
    family: taskIdParts(key.task).family,
    seed,
    repetition: key.repetition,
    view,
    execution,
    success: success === null ? null : { verified: success.verified, properFinish: success.properFinish },
    rewards: { sparse: rewards.sparse, 'state-share': rewards['state-share'], rubric: rewards.rubric },
    judged: trajectory.judged ? { reward: trajectory.judged.reward } : null,
    verdicts: { scored: verdicts.length - unscored, unscored },
    ending: endingOf(trajectory),
    failure: trajectory.outcome.kind === 'failed' ? trajectory.outcome.message : null,
    turns: turns.length,
    lost: lostTurns(trajectory),
    cutReplies: turns.filter(({ finishReason = '' }) => finishKind(finishReason) === 'length').length,
    events: { loaded: count('loaded'), called: count('called'), refused: count('refused') },
    peakTokens: turns.reduce(
      (peak, turn) => Math.max(peak, turn.tokens.prompt),
      trajectory.overflow?.promptTokens ?? 0,
    ),
    overflow: trajectory.overflow ?? null,
    unclear: turns.find(({ usage }) => usage?.unclear !== undefined)?.usage?.unclear ?? null,
    tokens: cumulative(trajectory),
    cutTokens: calls.reduce((sum, { observation }) => sum + observation.cutTokens, 0),
    digest,
    place,
    request: {
      words: matches(prompt, /\S+/g),
      sentences: matches(prompt, /[.!?](?=\s|$)/g),
      quotes: matches(prompt, /["“”`]/g) >> 1,
      numbers: matches(prompt, /\b\d+\b/g),
    },
  };
}

function lostTurns({ turns }: ScoredTrajectory): Partial<Record<LostTurn, number>> {
  const counts: Partial<Record<LostTurn, number>> = {};
  for (const { lost } of turns) if (lost) counts[lost] = (counts[lost] ?? 0) + 1;
  return counts;
}

const matches = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

function endingOf({ outcome }: ScoredTrajectory): string {
  if (outcome.kind === 'truncated') return `truncated: ${outcome.cause}`;
  return outcome.kind === 'failed' ? `failed: ${outcome.culprit}` : outcome.kind;
}

function cumulative({ turns }: ScoredTrajectory): CumulativeTokens {
  const schemasByServer: Record<string, number> = {};
  const sums = { system: 0, schemas: 0, results: 0, history: 0, code: 0, output: 0, prompt: 0 };
  for (const { tokens } of turns) {
    for (const [server, count] of Object.entries(tokens.schemas)) {
      schemasByServer[server] = (schemasByServer[server] ?? 0) + count;
      sums.schemas += count;
    }
    sums.system += tokens.system;
    sums.results += tokens.results;
    sums.history += tokens.history;
    sums.code += tokens.code ?? 0;
    sums.output += tokens.output;
    sums.prompt += tokens.prompt;
  }
  return { ...sums, schemasByServer };
}

/** How many episodes ended in each way, e.g. `terminated 58, truncated: turns 2`. */
export function endings(episodes: readonly Episode[]): string {
  const counts = new Map<string, number>();
  for (const { ending } of episodes) counts.set(ending, (counts.get(ending) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([ending, count]) => `${ending} ${count}`)
    .join(', ');
}

/** Broken off by a fault: in no figure. */
export const isVoid = ({ success, failure }: Pick<Episode, 'success' | 'failure'>): boolean =>
  success === null && failure !== null;

/** Code found nothing wrong, and the rest is for a judge. */
export const isForJudge = ({ success, failure }: Pick<Episode, 'success' | 'failure'>): boolean =>
  success === null && failure === null;

export const voids = (episodes: readonly Episode[]): number => episodes.filter(isVoid).length;
