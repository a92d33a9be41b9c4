import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Criterion } from '../../core/reward-types.ts';
import { isFinal } from '../arms/arms.ts';
import { isForJudge, type Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import { openTrajectories } from '../../core/record/run-files.ts';
import { criteriaFinder } from './criteria.ts';

/** Trajectories that fit in the page, long texts stored once. */
export interface Sample {
  /** Texts referred to by index: system prompts repeat. */
  readonly texts: readonly string[];
  /** Criteria of tasks, referred to by index. */
  readonly rubrics: readonly (readonly Criterion[])[];
  readonly trajectories: readonly SampledTrajectory[];
  /** Recorded episodes in all. */
  readonly recorded: number;
  /** Those left out since one alone would fill the page. */
  readonly tooLong: number;
}

/** A trajectory whose system prompt is an index of `texts`, and the criteria of its task one of `rubrics`. */
export type SampledTrajectory = Omit<ScoredTrajectory, 'system' | 'version' | 'startHash'> & {
  readonly system: number;
  readonly rubric: number;
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
/** Training and learning-curve episodes shown of each job and phase, and what is kept for them of the page. */
const fewOfTraining = 2;
const roomForTraining = mostCharacters / 5;

/**
 * Evaluated episodes first, drawn by job, split, family and outcome: one of each at a time, those that failed before the void
 * and these before the solved, in the file's order, until most of the page is full. A few of each training follow. Rows have none.
 */
export default function sampleOf(run: Run): Sample {
  const { manifest, episodes, folder, systems, chain } = run;
  if (chain.kind === 'rows') return { texts: [], rubrics: [], trajectories: [], recorded: episodes.length, tooLong: 0 };
  const [texts, rubrics] = [sharedList<string>(), sharedList<readonly Criterion[]>()];
  const findCriteria = criteriaFinder(manifest);
  const picks: { readonly order: number; readonly trajectory: SampledTrajectory }[] = [];
  const stored = openTrajectories(folder);
  let tooLong = 0;
  /** Takes what has room, in order, up to the first that has none; returns the room that is left. */
  const take = (chosen: Iterable<Place>, most: number): number => {
    let room = most;
    for (const { episode, order } of chosen) {
      const { system: hash, version: _, startHash: __, ...rest } = stored.at(episode.place);
      const system = texts.place(hash, () =>
        cut(systems.get(hash) ?? '(not in systems.jsonl)', longestSystem, 'systems.jsonl'),
      );
      const rubric = rubrics.place(episode.task, () => findCriteria(episode.task).map(shortCriterion));
      const trajectory = { ...shortened(rest), system: system.index, rubric: rubric.index };
      const characters = JSON.stringify(trajectory).length + system.characters + rubric.characters;
      if (characters > mostCharacters) {
        tooLong++;
        continue;
      }
      if (characters > room) break;
      room -= characters;
      system.keep();
      rubric.keep();
      picks.push({ order, trajectory });
    }
    return room;
  };
  const places = episodes.map((episode, order) => ({ episode, order }));
  const [finals, others] = [
    places.filter(({ episode }) => isFinal(episode)),
    places.filter(({ episode }) => !isFinal(episode)),
  ];
  const kept = others.length > 0 ? roomForTraining : 0;
  const left = take(inTurns(finals, stratumOf), mostCharacters - kept);
  take(
    inTurns(others, ({ job, phase }) => [job, phase], fewOfTraining),
    left + kept,
  );
  stored.close();
  const trajectories = picks.sort((a, b) => a.order - b.order).map(({ trajectory }) => trajectory);
  return { texts: texts.all, rubrics: rubrics.all, trajectories, recorded: episodes.length, tooLong };
}

interface Place {
  readonly episode: Episode;
  readonly order: number;
}

/** Failures first. */
const outcomes = ['failed', 'void', 'for a judge', 'solved'] as const;
const outcomeOf = (episode: Episode) => {
  if (episode.success === null) return isForJudge(episode) ? 'for a judge' : 'void';
  return episode.success.verified ? 'solved' : 'failed';
};

const stratumOf = (episode: Episode): string[] => [episode.job, episode.phase, episode.family, outcomeOf(episode)];

/** One of each group at a time, groups of failures before the others. */
function* inTurns(
  places: readonly Place[],
  keyOf: (episode: Episode) => readonly string[],
  most = Infinity,
): Generator<Place> {
  const groups = [...Map.groupBy(places, ({ episode }) => JSON.stringify(keyOf(episode))).values()].sort(
    (a, b) => rank(a) - rank(b),
  );
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  for (let round = 0; round < Math.min(most, longest); round++)
    for (const group of groups) if (group[round]) yield group[round] as Place;
}

const rank = ([first]: readonly Place[]): number => (first ? outcomes.indexOf(outcomeOf(first.episode)) : 0);

/** Values that several episodes share, each kept once, by equal content too. */
function sharedList<T>() {
  const all: T[] = [];
  const indices = new Map<string, number>();
  return {
    all,
    place: (key: string, make: () => T) => {
      const known = indices.get(key);
      if (known !== undefined) return { index: known, characters: 0, keep: () => undefined };
      const value = make();
      const text = JSON.stringify(value);
      const same = all.findIndex((one) => JSON.stringify(one) === text);
      const index = same < 0 ? all.length : same;
      return {
        index,
        characters: same < 0 ? text.length : 0,
        keep: () => {
          if (same < 0) all.push(value);
          indices.set(key, index);
        },
      };
    },
  };
}

const shortCriterion = (criterion: Criterion): Criterion => ({
  ...criterion,
  description: cut(criterion.description, longestText, 'manifest.json'),
});

type Shown = Omit<SampledTrajectory, 'system' | 'rubric'>;

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
