import { UsageError } from '../../core/errors.ts';
import { eachRecord, trajectoryFile } from '../../core/record/run-files.ts';
import type { RewardName } from '../../core/reward-types.ts';
import { earnedIn } from '../../core/run/reward-source.ts';
import { keyText, type ScoredTrajectory, type Turn } from '../../core/trajectory.ts';
import type { Capture } from '../../core/usage.ts';

/** One episode as the token sequence that the engine read and drew. */
export interface Sample {
  /** Key of the episode. */
  readonly episode: string;
  /** Key of the episodes that are compared with it: those of the same task, job and phase. */
  readonly group: string;
  readonly task: string;
  readonly policyVersion: number;
  /** Null where it could not be scored. */
  readonly reward: number | null;
  readonly verified: boolean;
  readonly properFinish: boolean;
  /** Ids before the first drawn one. */
  readonly prompt: readonly number[];
  /** All others; the last one was drawn. */
  readonly completion: readonly number[];
  /** 1 for each id of the completion that the policy drew, 0 for those of observations and the template. */
  readonly mask: readonly (0 | 1)[];
  /** Natural logarithms, one for each id of the completion; null where the mask is 0. */
  readonly logProbabilities: readonly (number | null)[];
  readonly temperature: number;
  readonly captures: readonly Capture[];
}

export interface Samples {
  readonly samples: readonly Sample[];
  /** Episodes that make no sample, by cause. */
  readonly left: Readonly<Record<string, number>>;
}

/** How strictly a sample is looked at: for imitation, or for learning from the probability of what was drawn. */
export type Use = 'imitate' | 'reinforce';

/**
 * The scored episodes of a run as token sequences, in the order of its file. Throws `UsageError` which names the
 * episodes whose tokens were not recorded, or not so that they could be learnt from: nothing is tokenised again.
 */
export function readSamples(run: string, reward: RewardName, use: Use): Samples {
  const samples: Sample[] = [];
  const faults: string[] = [];
  const left: Record<string, number> = {};
  const leave = (cause: string) => {
    left[cause] = (left[cause] ?? 0) + 1;
  };
  eachRecord(run, trajectoryFile, (episode) => {
    const { outcome, success, turns } = episode;
    if (outcome.kind === 'failed') return leave('void');
    if (turns.length === 0) return leave('without a turn');
    const isUnrewarded = earnedIn(reward, episode) === null;
    if (success === null && isUnrewarded) return leave('for a judge');
    if (use === 'reinforce' && isUnrewarded) return leave(`without the reward ${reward}`);
    const fault = faultOf(turns, use);
    if (fault === null) samples.push(sampleOf(episode, reward));
    else faults.push(`${keyText(episode.key)} (${episode.policy}): ${fault}`);
  });
  refuse(faults, samples.length, run);
  if (samples.length === 0)
    throw new UsageError(`${run} holds no episode to export. Give the folder of a finished run.`);
  return { samples, left };
}

const mostNamed = 5;

function refuse(faults: readonly string[], sound: number, run: string): void {
  if (faults.length === 0) return;
  const more = faults.length > mostNamed ? `\n  and ${faults.length - mostNamed} more` : '';
  throw new UsageError(
    `${faults.length} of ${faults.length + sound} episodes of ${run} cannot be exported token by token:\n  ` +
      `${faults.slice(0, mostNamed).join('\n  ')}${more}\n` +
      'Sample them with a policy that records its tokens, as llama:FILE.gguf does.',
  );
}

/** Why these turns cannot be learnt from; null where they can. */
export function faultOf(turns: readonly Turn[], use: Use): string | null {
  for (const [index, { capture }] of turns.entries()) {
    const fault = capture === undefined ? 'holds text alone, no token ids' : captureFault(capture, index, use);
    if (fault !== null) return `turn ${index + 1} ${fault}`;
  }
  return null;
}

function captureFault({ prompt, output, logProbabilities, sampling }: Capture, index: number, use: Use): string | null {
  if (index === 0 && prompt.length === 0) return 'has no prompt ids';
  if (output.length === 0) return 'drew no token';
  if (use === 'imitate') return null;
  if (sampling.temperature === 0) return 'was drawn greedily, which leaves no probabilities to learn from';
  if (output.length !== logProbabilities.length) {
    return `has ${logProbabilities.length} log-probabilities for ${output.length} tokens`;
  }
  const impossible = logProbabilities.find((value) => !(value <= 0 && Number.isFinite(value)));
  if (impossible !== undefined) return `has the log-probability ${impossible}`;
  const { topP, topK, minP, repeatPenalty } = sampling;
  if (topP !== 1 || topK !== 0 || minP !== 0 || repeatPenalty !== 1) {
    return `was drawn from a distribution cut to top-p ${topP}, top-k ${topK}, min-p ${minP}, penalty ${repeatPenalty}, which no trainer computes`;
  }
  return null;
}

function sampleOf(episode: ScoredTrajectory, reward: RewardName): Sample {
  const { key, policyVersion, turns, success } = episode;
  const captures = turns.flatMap(({ capture }) => capture ?? []);
  const [first] = captures;
  if (first === undefined) throw new Error('a sample of an episode without captures');
  const parts = captures.flatMap(({ prompt, output, logProbabilities }, index) => [
    ...(index === 0 ? [] : prompt.map((id) => ({ id, mask: 0 as const, logProbability: null }))),
    ...output.map((id, place) => ({ id, mask: 1 as const, logProbability: logProbabilities[place] ?? null })),
  ]);
  return {
    episode: keyText(key),
    group: `${key.job} ${key.phase} ${key.task}`,
    task: key.task,
    policyVersion,
    reward: earnedIn(reward, episode),
    verified: success?.verified === true,
    properFinish: success?.properFinish === true,
    prompt: first.prompt,
    completion: parts.map(({ id }) => id),
    mask: parts.map(({ mask }) => mask),
    logProbabilities: parts.map(({ logProbability }) => logProbability),
    temperature: first.sampling.temperature,
    captures,
  };
}
