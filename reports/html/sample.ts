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
  /** Those left out since one alone would fill the page. */
  readonly tooLong: number;
}

/** A trajectory whose system prompt is an index of `texts`. */
export type SampledTrajectory = Omit<ScoredTrajectory, 'system' | 'version' | 'startHash'> & {
  readonly system: number;
};

/** Characters of trajectories that a page holds; the page itself is about 0.3 MB more. */
const mostCharacters = 2_500_000;
/** Longest text of an episode that a page holds. */
const longestText = 6_000;
/** Most entries of a list or object, and characters of one server's facts. */
const mostEntries = 1_000;
const mostFactCharacters = 60_000;
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
  let tooLong = 0;
  for (const { episode, order } of inTurns(run.episodes)) {
    const { system: hash, version: _, startHash: __, ...rest } = stored.at(episode.place);
    const text = cut(run.systems.get(hash) ?? '(not in systems.jsonl)', longestSystem, 'systems.jsonl');
    const isNew = !indices.has(hash);
    const system = indices.get(hash) ?? texts.length;
    const trajectory = { ...shortened(rest), system };
    const characters = JSON.stringify(trajectory).length + (isNew ? text.length : 0);
    if (characters > mostCharacters) {
      tooLong++;
      continue;
    }
    room -= characters;
    if (room < 0) break;
    if (isNew) {
      texts.push(text);
      indices.set(hash, system);
    }
    picks.push({ order, trajectory });
  }
  stored.close();
  const trajectories = picks.sort((a, b) => a.order - b.order).map(({ trajectory }) => trajectory);
  return { texts, trajectories, recorded: run.episodes.length, tooLong };
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

type Shown = Omit<SampledTrajectory, 'system'>;

/** Without the facts at the start, which the page does not show. */
function shortened({ start: _start, evidence, ...rest }: Shown): Shown {
  const facts = Object.entries(evidence).map(([server, all]) => [server, fewFacts(all)] as const);
  return { ...(shortValue(rest) as Omit<Shown, 'evidence'>), evidence: Object.fromEntries(facts) };
}

function fewFacts(facts: readonly string[]): readonly string[] {
  let room = mostFactCharacters;
  const shown = facts.map((fact) => cut(fact, longestText, wholeFile));
  const most = shown.findIndex(({ length }) => (room -= length) < 0);
  return most < 0 ? shown : [...shown.slice(0, most), `… ${facts.length - most} more facts in ${wholeFile}`];
}

/**
 * Whatever a policy, a server or a judge said. Lists and objects lose entries only where they are a call's arguments, since
 * the page reads the others. Token ids are not shown, nor a reply a second time as later prompts have it.
 */
function shortValue(value: unknown, isArgument = false): unknown {
  if (typeof value === 'string') return cut(value, longestText, wholeFile);
  if (typeof value !== 'object' || value === null) return value;
  const most = isArgument ? mostEntries : Infinity;
  const more = (count: number) => `… ${count - most} more in ${wholeFile}`;
  if (Array.isArray(value)) {
    const all: readonly unknown[] = value;
    const few = all.slice(0, most).map((one) => shortValue(one, isArgument));
    return all.length > most ? [...few, more(all.length)] : few;
  }
  const entries = Object.entries(value).filter(
    ([key, one]) => isArgument || (key !== 'capture' && !(key === 'history' && typeof one === 'string')),
  );
  const few = entries
    .slice(0, most)
    .map(([key, one]) => [cut(key, longestText, wholeFile), shortValue(one, isArgument || key === 'arguments')]);
  return Object.fromEntries(entries.length > most ? [...few, [more(entries.length), '']] : few);
}

const wholeFile = 'trajectories.jsonl';

const cut = (text: string, longest: number, file: string): string =>
  text.length <= longest ? text : `${text.slice(0, longest)}\n… ${text.length - longest} more characters in ${file}`;
