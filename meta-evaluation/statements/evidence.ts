import { loadedBy } from '../../core/loaded-tools.ts';
import type { Facts } from '../../core/facts.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { answersTest } from './answer.ts';
import effects from './effects.json' with { type: 'json' };
import { comparedThings, type Thing } from './things.ts';

/**
 * What a witness of the world can say of an episode: facts of start and end, and the calls. But for which loads a record holds,
 * nothing here is shared with what the embedded judge reads (a test holds their imports apart), so that labels made of it are no
 * echo of the judge.
 */
export interface Evidence {
  readonly calls: readonly EvidencedCall[];
  /** Names of tools whose schemas were loaded, `server.tool`, repeats too. */
  readonly loads: readonly string[];
  readonly turns: number;
  /** `null`: it did not finish. */
  readonly answer: string | null;
  /** `null`: the end state cannot be read. */
  readonly world: EvidencedWorld | null;
}

export interface EvidencedCall {
  /** `server.tool`. */
  readonly name: string;
  readonly server: string;
  /** Name and arguments in a form in which equal calls are equal texts, whatever the order of keys and of list items. */
  readonly text: string;
  readonly strings: readonly string[];
  readonly isSent: boolean;
  readonly isOk: boolean;
  readonly result: string;
  /** By hand (`effects.json`); `null`: nobody has said so of this tool. */
  readonly effect: 'looks' | 'alters' | 'neither' | null;
}

export interface EvidencedWorld {
  readonly start: readonly Thing[];
  readonly end: readonly Thing[];
  readonly added: readonly Thing[];
  readonly removed: readonly Thing[];
  readonly altered: readonly Thing[];
  /** All changes asked for are there, and whether there are others; `null` where the goal is no state. */
  readonly isChanged: boolean | null;
  readonly isAnswerRight: boolean | null;
  readonly hasExtra: boolean | null;
}

export function evidenceOf(task: Task, trajectory: Trajectory): Evidence {
  const { turns, outcome } = trajectory;
  const all = turns.flatMap(({ calls }) => calls);
  const answer = outcome.kind === 'terminated' ? outcome.answer : null;
  const isReadable = outcome.kind !== 'failed' && !(outcome.kind === 'truncated' && outcome.cause === 'damage');
  return {
    calls: all.flatMap(({ action, event, observation }): EvidencedCall[] => {
      if (action.name !== 'call_tool') return [];
      const { server, tool, arguments: given } = action.arguments;
      const name = `${textIn(server)}.${textIn(tool)}`;
      const isSent = event.kind === 'called';
      return [
        {
          name,
          server: textIn(server),
          text: callText(textIn(server), textIn(tool), given ?? {}),
          strings: stringsIn(given ?? {}),
          isSent,
          isOk: isSent && !observation.isError,
          result: observation.text,
          effect: effectOf(name, given),
        },
      ];
    }),
    loads: all.flatMap(({ event }) =>
      loadedBy(event).flatMap(({ server, tools }) => tools.map((tool) => `${server}.${tool}`)),
    ),
    turns: turns.length,
    answer,
    world: isReadable ? worldOf(task, trajectory.start ?? task.initial, trajectory.evidence, answer) : null,
  };
}

function worldOf({ goal }: Task, start: Facts, end: Facts, answer: string | null): EvidencedWorld {
  const things = comparedThings(start, end);
  if (goal.kind !== 'state') return { ...things, isChanged: null, isAnswerRight: null, hasExtra: null };
  const wanted = comparedThings(start, goal.expected);
  const [now, aim, before] = [end, goal.expected, start].map(statementsOf) as [Set<string>, Set<string>, Set<string>];
  const due = [...aim].filter((one) => !before.has(one));
  const undue = [...before].filter((one) => !aim.has(one));
  return {
    ...things,
    isChanged:
      wanted.added.length + wanted.removed.length + wanted.altered.length === 0 ||
      (due.every((one) => now.has(one)) && undue.every((one) => !now.has(one))),
    isAnswerRight: goal.answer === null ? null : answer !== null && answersTest(goal.answer, answer),
    hasExtra:
      [...now].some((one) => !before.has(one) && !aim.has(one)) ||
      [...before].some((one) => aim.has(one) && !now.has(one)),
  };
}

/** Facts with their server; white space at the end of a file is nobody's concern. */
const statementsOf = (facts: Facts): Set<string> =>
  new Set(
    Object.entries(facts).flatMap(([server, list]) =>
      list.map((one) => {
        const [kind, path, text, ...rest] = JSON.parse(one) as string[];
        return JSON.stringify([server, kind, path, kind === 'file' ? (text ?? '').trimEnd() : text, ...rest]);
      }),
    ),
  );

const textIn = (value: Json | undefined) => (typeof value === 'string' ? value : '');

export function effectOf(name: string, given: Json | undefined): EvidencedCall['effect'] {
  if (name === 'git.git_branch' || name === 'git.git_tag') {
    const isList = typeof given === 'object' && given !== null && (given as JsonObject)['mode'] === 'list';
    return isList ? 'looks' : 'alters';
  }
  for (const effect of ['looks', 'alters', 'neither'] as const) if (effects[effect].includes(name)) return effect;
  return null;
}

/** A call as a text that is the same for equal calls: paths from the server's folder on, lists and keys in one order. */
export function callText(server: string, tool: string, given: Json): string {
  const root = `/world/${server}/`;
  const settled = (value: Json): Json => {
    if (typeof value === 'string') {
      if (value.startsWith(root)) return value.slice(root.length);
      return value.startsWith('./') ? value.slice(2) : value;
    }
    if (Array.isArray(value)) {
      const items = value.map((one) => settled(one as Json));
      return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    }
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, one]) => [key, settled(one)]));
  };
  return `${server}.${tool} ${JSON.stringify(settled(given))}`;
}

function stringsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap((one) => stringsIn(one)) : [];
}
