import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { RewardComponent, RewardName } from '../../core/reward-types.ts';
import { earnedIn } from '../../core/run/reward-source.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Observation } from '../../core/types.ts';

/** The JSON of a call's answer; `output` has all four keys, which clients demand. */
export type CallOutput = JsonObject;

/** An observation in mid-episode. What a model need not see stands in metadata under our own name. */
export const observed = ({ text, isError, source, cutTokens }: Observation, turn: number): CallOutput =>
  output(text, { turn, is_error: isError, source, cut_tokens: cutTokens }, null, false);

/** What an episode earned: the reward by this name, and what it is the sum of, where it is one. */
export interface Earning {
  readonly reward: RewardName;
  readonly components: readonly RewardComponent[] | null;
}

/**
 * The last output of an episode, the only one with a reward: null where the episode is void or nothing could be scored, so
 * that it is excluded and not taken for a zero. The criteria are those of whoever gave the reward.
 */
export function ended(text: string, scored: ScoredTrajectory, { reward, components }: Earning): CallOutput {
  const { key, outcome, success, rewards, turns } = scored;
  const { verdicts } = scored.judged ?? scored;
  const criteria = verdicts.map((verdict) => [verdict.criterion, verdict.state === 'scored' ? verdict.score : null]);
  const earned = earnedIn(reward, scored);
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
    reward_components: components?.map((component) => ({ ...component })) ?? null,
    excluded: earned === null ? whyExcluded(scored) : null,
  };
  return output(text, metadata, earned, true);
}

/** Why a trainer is to leave an episode out, as a phrase. */
function whyExcluded({ outcome, verdicts, judged }: ScoredTrajectory): string {
  if (outcome.kind === 'failed') return `the episode is void, culprit ${outcome.culprit}: ${outcome.message}`;
  const said = (judged?.verdicts ?? verdicts).find((verdict) => verdict.state === 'unscored');
  return said?.state === 'unscored'
    ? `nothing that the reward needs was scored, first because: ${said.reason}`
    : 'the task has no rubric to be scored by';
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
