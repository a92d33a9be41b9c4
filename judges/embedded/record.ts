import { loadedBy } from '../../core/loaded-tools.ts';
import { callsOf, type Call, type Trajectory } from '../../core/trajectory.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { leavesOf } from '../truth/argument-match.ts';
import { loadedAtOnce } from '../../core/view-loads.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import { callKey } from './mentions.ts';
import { nameWords, verbOf, type Verb } from './verbs.ts';

export interface ReadCall {
  readonly key: string;
  readonly leaves: readonly string[];
  /** Texts and numbers among the arguments. */
  readonly texts: readonly string[];
  readonly isLoaded: boolean;
  readonly isAccepted: boolean;
  readonly isWorking: boolean;
  readonly isLookup: boolean;
  readonly soundsFailed: boolean;
  readonly verb: Verb;
  /** Its names as words, and in small letters what was given and what came back. */
  readonly toolWords: string;
  readonly serverWords: string;
  readonly loweredTexts: readonly string[];
  readonly loweredResult: string;
  /** How many things it is about: the longest list among its arguments, or 1. */
  readonly items: number;
  readonly result: string;
  readonly turn: number;
}

/** What can be read off a trajectory as a judge of a foreign one sees it: its calls, results, loads and end. */
export interface ReadTrajectory {
  readonly prompt: string;
  readonly calls: readonly ReadCall[];
  /** Tools whose schemas were shown, in order, repeats too. */
  readonly loads: readonly string[];
  /** Loads and look-ups of names, and actions that the view refused. */
  readonly lists: number;
  readonly refused: number;
  readonly turns: number;
  readonly loadedAtOnce: ReturnType<typeof loadedAtOnce>;
  /** `null` where the policy never finished. */
  readonly answer: string | null;
  readonly hasLeft: boolean;
}

const failureWords = /\berror\b|not found|fail(?:ed|ure)|does not exist|no such|invalid|denied|unknown/i;
const lookupWords =
  /(?:^|[_-])(?:read|list|search|open|show|log|status|describe|get|find|query|calculate|calc|convert|current|time|count|diff|evaluate)(?:[_-]|$)/;

/** Turns, prompt and ending alone are read: no key, no name of a policy, no fact of the world, no verdict. */
export function readTrajectory({ prompt, turns, outcome, view }: Trajectory): ReadTrajectory {
  const loaded = new Set<string>();
  const calls: ReadCall[] = [];
  const loads: string[] = [];
  const atOnce = loadedAtOnce(view);
  turns.forEach((turn, index) => {
    for (const call of turn.calls) {
      const { action, event } = call;
      if (action.name === 'call_tool') calls.push(readCall(call, index, loaded, atOnce === 'nothing'));
      for (const key of loadedBy(event).flatMap(({ server, tools }) => tools.map((tool) => callKey(server, tool)))) {
        loads.push(key);
        loaded.add(key);
      }
    }
  });
  const count = (kind: Call['event']['kind']) => callsOf({ turns }).filter(({ event }) => event.kind === kind).length;
  return {
    prompt,
    calls,
    loads,
    lists: count('listed'),
    refused: count('refused'),
    turns: turns.length,
    loadedAtOnce: atOnce,
    answer: outcome.kind === 'terminated' ? outcome.answer : null,
    hasLeft: outcome.kind === 'truncated' && outcome.cause === 'left',
  };
}

function readCall(
  { action, event, observation }: Call,
  turn: number,
  loaded: Set<string>,
  isAllLoaded: boolean,
): ReadCall {
  const { server, tool, arguments: given } = action.arguments;
  const [serverName, toolName] = [server, tool].map((name) => (typeof name === 'string' ? name : '')) as [
    string,
    string,
  ];
  const args = isObject(given) ? given : {};
  const key = callKey(serverName, toolName);
  const isAccepted = event.kind === 'called';
  const query = typeof args['query'] === 'string' && /^\s*select\b/i.test(args['query']);
  const texts = textsOf(args);
  const isLookup = query || args['mode'] === 'list' || lookupWords.test(toolName);
  return {
    key,
    leaves: leavesOf(args, `${worldFolderOf(serverName)}/`).sort(),
    texts,
    isLoaded: isAllLoaded || loaded.has(key),
    isAccepted,
    isWorking: isAccepted && !observation.isError,
    isLookup,
    soundsFailed: failureWords.test(observation.text.slice(0, 400)),
    verb: verbOf({ tool: toolName, texts, isLookup, hasDelete: args['delete'] === true }),
    toolWords: nameWords(toolName).join(' '),
    serverWords: nameWords(serverName).join(' '),
    loweredTexts: texts.map((text) => text.toLowerCase()),
    loweredResult: observation.text.toLowerCase(),
    items: Math.max(1, ...Object.values(args).map((one) => (Array.isArray(one) ? one.length : 1))),
    result: observation.text,
    turn,
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Texts and numbers of a value, the shortest left out: they are found anywhere. */
export function textsOf(value: Json): string[] {
  if (typeof value === 'string') return value.length > 1 ? [value] : [];
  if (typeof value === 'number') return Math.abs(value) > 9 ? [`${value}`] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap((one) => textsOf(one)) : [];
}
