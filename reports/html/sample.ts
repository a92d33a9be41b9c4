import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { isFinal } from '../arms/arms.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import { openTrajectories } from '../../core/record/run-files.ts';

/** Trajectories that fit in the page, long texts stored once. */
export interface Sample {
  /** Texts referred to by index: system prompts repeat. */
  readonly texts: readonly string[];
  readonly trajectories: readonly SampledTrajectory[];
  /** Recorded episodes in all. */
  readonly recorded: number;
}

/** A trajectory whose system prompt is an index of `texts`. */
export type SampledTrajectory = Omit<ScoredTrajectory, 'system' | 'version' | 'startHash'> & {
  readonly system: number;
};

/** Characters of trajectories that a page holds; the page itself is about 0.3 MB more. */
const mostCharacters = 2_500_000;
/** Longest text of a result or reply that a page holds. */
const longestText = 6_000;
/** Longest system prompt that a page holds; an eager one shows every schema. */
const longestSystem = 60_000;
/** Training and learning-curve episodes shown of each job, beside those of the final evaluation. */
const fewOfTraining = 2;

/**
 * The first episodes of every job and phase in the file's order, one of each at a time (evaluations before the rest) until the
 * page is full: no choice by outcome, so that what is seen is what happened.
 */
export default function sampleOf(run: Run): Sample {
  const texts: string[] = [];
  const indices = new Map<string, number>();
  const picks: { readonly order: number; readonly trajectory: SampledTrajectory }[] = [];
  const stored = openTrajectories(run.folder);
  let room = mostCharacters;
  for (const { episode, order } of inTurns(run.episodes)) {
    const { system: hash, version: _, startHash: __, ...rest } = stored.at(episode.place);
    const text = cut(run.systems.get(hash) ?? '(not in systems.jsonl)', longestSystem, 'systems.jsonl');
    const isNew = !indices.has(hash);
    const system = indices.get(hash) ?? texts.length;
    const trajectory = { ...rest, system, turns: rest.turns.map(shortened) };
    room -= JSON.stringify(trajectory).length + (isNew ? text.length : 0);
    if (room < 0) break;
    if (isNew) {
      texts.push(text);
      indices.set(hash, system);
    }
    picks.push({ order, trajectory });
  }
  stored.close();
  const trajectories = picks.sort((a, b) => a.order - b.order).map(({ trajectory }) => trajectory);
  return { texts, trajectories, recorded: run.episodes.length };
}

const rank = ([first]: readonly { episode: Episode }[]): number => (first && isFinal(first.episode) ? 0 : 1);

function* inTurns(episodes: readonly Episode[]): Generator<{ episode: Episode; order: number }> {
  const groups = new Map<string, { episode: Episode; order: number }[]>();
  episodes.forEach((episode, order) => {
    const key = `${episode.job} ${episode.phase}`;
    const group = groups.get(key);
    if (group) group.push({ episode, order });
    else groups.set(key, [{ episode, order }]);
  });
  const ordered = [...groups.values()].sort((a, b) => rank(a) - rank(b));
  for (let round = 0, isMore = true; isMore; round++) {
    isMore = false;
    for (const group of ordered) {
      const item = group[round];
      if (!item || (!isFinal(item.episode) && round >= fewOfTraining)) continue;
      isMore = true;
      yield item;
    }
  }
}

const short = (text: string): string => cut(text, longestText, 'trajectories.jsonl');

function shortened(turn: SampledTrajectory['turns'][number]): SampledTrajectory['turns'][number] {
  const calls = turn.calls.map((call) => {
    const observation = { ...call.observation, text: short(call.observation.text) };
    return { ...call, observation };
  });
  const { text, user, history: _, ...rest } = turn;
  return {
    ...rest,
    calls,
    ...(text === undefined ? {} : { text: short(text) }),
    ...(user === undefined ? {} : { user: short(user) }),
  };
}

const cut = (text: string, longest: number, file: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}\n… ${text.length - longest} more characters in ${file}`;
