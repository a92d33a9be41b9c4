import type { JsonObject } from '../../core/json.ts';
import type { Group } from './groups.ts';
import type { Sample } from './samples.ts';

/** Two replies to the same tokens, of which the one led to the higher reward. As TRL's DPO collator takes them. */
export interface Pair extends JsonObject {
  readonly group: string;
  readonly chosen_episode: string;
  readonly rejected_episode: string;
  readonly chosen_reward: number;
  readonly rejected_reward: number;
  readonly prompt_ids: readonly number[];
  readonly chosen_ids: readonly number[];
  readonly rejected_ids: readonly number[];
}

/**
 * The best episode of a group beside the worst, the second beside the last but one, and so on, where their rewards differ
 * by `leastMargin` or more. A pair stands at the turn where the two part: both replies are the policy's own, so that no
 * token of a tool's result is preferred to another. Episodes of the same tokens make none.
 */
export function pairsOf({ name, samples }: Group, leastMargin: number): Pair[] {
  const ranked = samples
    .flatMap((sample) => (sample.reward === null ? [] : [{ sample, reward: sample.reward }]))
    .toSorted((a, b) => b.reward - a.reward);
  const pairs: Pair[] = [];
  for (let place = 0; place < Math.floor(ranked.length / 2); place++) {
    const [better, worse] = [ranked[place], ranked.at(-1 - place)];
    if (!better || !worse || better.reward <= worse.reward || better.reward - worse.reward < leastMargin) continue;
    const parting = partingOf(better.sample, worse.sample);
    if (parting === null) continue;
    pairs.push({
      group: name,
      chosen_episode: better.sample.episode,
      rejected_episode: worse.sample.episode,
      chosen_reward: better.reward,
      rejected_reward: worse.reward,
      ...parting,
    });
  }
  return pairs;
}

/** Null where the episodes never part at a reply. */
function partingOf(chosen: Sample, rejected: Sample): Pick<Pair, 'prompt_ids' | 'chosen_ids' | 'rejected_ids'> | null {
  const prompt: number[] = [];
  for (const [index, one] of chosen.captures.entries()) {
    const other = rejected.captures[index];
    if (other === undefined || !isEqual(one.prompt, other.prompt)) return null;
    prompt.push(...one.prompt);
    if (!isEqual(one.output, other.output)) {
      return { prompt_ids: prompt, chosen_ids: one.output, rejected_ids: other.output };
    }
    prompt.push(...one.output);
  }
  return null;
}

const isEqual = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);
