import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Observation } from '../../core/types.ts';

/** The JSON of a call's answer; `output` has all four keys, which clients demand. */
export type CallOutput = JsonObject;

/** An observation in mid-episode. What a model need not see stands in metadata under our own name. */
export const observed = ({ text, isError, source, cutTokens }: Observation, turn: number): CallOutput =>
  output(text, { turn, is_error: isError, source, cut_tokens: cutTokens }, null, false);

/**
 * The last output of an episode, the only one with a reward: null where the episode is void or nothing could be scored, so
 * that it is excluded and not taken for a zero.
 */
export function ended(text: string, scored: ScoredTrajectory, reward: RewardName): CallOutput {
  const { key, outcome, success, rewards, verdicts, turns } = scored;
  const criteria = verdicts.map((verdict) => [verdict.criterion, verdict.state === 'scored' ? verdict.score : null]);
  const metadata = {
    turn: Math.max(0, turns.length - 1),
    is_error: turns.at(-1)?.calls.at(-1)?.observation.isError ?? false,
    episode: keyText(key),
    outcome: outcome.kind,
    cause: outcome.kind === 'truncated' ? outcome.cause : outcome.kind === 'failed' ? outcome.culprit : null,
    message: outcome.kind === 'failed' ? outcome.message : null,
    verified: success?.verified ?? null,
    proper_finish: success?.properFinish ?? null,
    reward,
    rewards,
    criteria: Object.fromEntries(criteria),
  };
  return output(text, metadata, rewards[reward], true);
}

/** The end of an episode that could not even be begun or recorded. */
export const broken = (message: string): CallOutput =>
  output(`The episode is void: ${message}`, { is_error: true, outcome: 'failed', message }, null, true);

/** A call that came after the end; it changes no reward. */
export const tooLate = (scored: ScoredTrajectory | undefined): CallOutput => ({
  ok: false,
  error: `The episode is over${scored ? ` (${endingOf(scored)})` : ''}; nothing was called.`,
  reason: 'episode_finished',
});

function endingOf({ outcome }: ScoredTrajectory): string {
  if (outcome.kind === 'terminated') return 'finish was called';
  if (outcome.kind === 'failed') return `it is void: ${outcome.message}`;
  return {
    turns: 'its turns are used up',
    context: 'its context is full',
    'endpoint-context': 'the context of its endpoint is full',
    refusal: 'its endpoint refused',
    left: 'it was left',
    damage: 'its calls left a state that cannot be read',
  }[outcome.cause];
}

function output(text: string, toolstone: JsonObject, reward: number | null, finished: boolean): CallOutput {
  const blocks = [{ type: 'text', text, detail: null }];
  return { ok: true, output: { blocks, metadata: { toolstone }, reward, finished } };
}
