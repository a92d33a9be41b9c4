import type { AliasDraw, Names, ToolNames } from '../../core/alias-types.ts';
import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import type { Tool, Toolspace } from '../../core/types.ts';
import { folded, heldOutOf } from './held-out.ts';
import { parametersOf } from './schema.ts';
import { vocabularyNamed, type Vocabulary } from './vocabulary.ts';

/**
 * Draws what servers, tools and parameters are called in one task, and the order in which they are shown. A name is never one that is
 * held out, nor a real one of the same place, so that two names never become one and whoever calls a tool by its real name calls
 * none. Throws `UsageError` where a held-out server cannot be asked.
 */
export function drawNames({ servers, tools }: Toolspace, draw: AliasDraw): Names {
  const heldOut = heldOutOf(draw);
  const toolsOf = Map.groupBy(tools, ({ server }) => server);
  const free = freeNames(
    servers.map(({ name }) => name),
    heldOut.isName,
  );
  const all = servers.map(({ name: server }) => {
    const voice = voiceOf(draw, server, heldOut.isName);
    const alias = isReplaced(draw, server) ? free(serverCandidates(voice, server)) : server;
    const ofServer = toolsOf.get(server) ?? [];
    const freeTool = freeNames(
      ofServer.map(({ name }) => name),
      heldOut.isName,
    );
    const named = ofServer.map((tool): ToolNames => {
      const called = isReplaced(draw, server, tool.name) ? freeTool(candidates(voice, tool.name, 'tool')) : tool.name;
      return { tool: tool.name, alias: called, parameters: parameterNames(tool, draw, voice) };
    });
    return { server, alias, tools: shuffled(named, draw, server) };
  });
  return shuffled(all, draw);
}

/** How one task speaks of one server. */
interface Voice {
  readonly stream: RandomStream;
  readonly vocabulary: Vocabulary;
  readonly separator: Readonly<Record<'tool' | 'parameter', Separator>>;
  /** Before names of tools; '' for nothing. */
  readonly prefix: string;
  /** Word → what is said for it, the same in all names. */
  readonly said: Map<string, string>;
  readonly isHeldOut: (name: string) => boolean;
}

type Separator = '_' | '-' | 'camel';

function voiceOf({ seed, vocabulary: name }: AliasDraw, server: string, isHeldOut: Voice['isHeldOut']): Voice {
  const stream = randomStream(seedOf('alias names', seed, server));
  const vocabulary = vocabularyNamed(name);
  return {
    stream,
    vocabulary,
    separator: {
      tool: stream.pick<Separator>(['_', '_', '_', 'camel', '-']),
      parameter: stream.pick<Separator>(['_', 'camel']),
    },
    prefix: stream.uniform() < PREFIXED_SHARE ? stream.pick(vocabulary.affixes) : '',
    said: new Map(),
    isHeldOut,
  };
}

/** Servers whose tools share a prefix, as some published ones do. */
const PREFIXED_SHARE = 0.35;

/** Whether a name is among those that the share takes. */
export const isReplaced = ({ seed, share }: AliasDraw, ...names: readonly string[]): boolean =>
  share === 1 || randomStream(seedOf('is aliased', seed, ...names)).uniform() < share;

const shuffled = <Item>(items: readonly Item[], { seed }: AliasDraw, ...place: readonly string[]): readonly Item[] =>
  randomStream(seedOf('alias order', seed, ...place)).shuffle(items);

function parameterNames(tool: Tool, draw: AliasDraw, voice: Voice): ToolNames['parameters'] {
  const { names, canBeRenamed } = parametersOf(tool.inputSchema);
  const free = freeNames(names, voice.isHeldOut);
  const named = names.map((name) => {
    const isOther = canBeRenamed && isReplaced(draw, tool.server, tool.name, name);
    return [name, isOther ? free(candidates(voice, name, 'parameter')) : name] as const;
  });
  return shuffled(named, draw, tool.server, tool.name);
}

/** Takes the first candidate that is like no name of the place, real or taken before. */
function freeNames(real: readonly string[], isHeldOut: (name: string) => boolean) {
  const taken = new Set(real.map(folded));
  return (offered: Iterable<string>): string => {
    for (const name of offered) {
      if (taken.has(folded(name)) || isHeldOut(name)) continue;
      taken.add(folded(name));
      return name;
    }
    throw new Error('candidates for a name have no end');
  };
}

/** Without end. */
function* serverCandidates({ stream, vocabulary }: Voice, server: string): Generator<string> {
  const neutral = stream.shuffle(vocabulary.neutral);
  const groups = [stream.shuffle(vocabulary.namesOf(server)), neutral];
  for (const group of stream.uniform() < 0.5 ? groups : groups.toReversed()) yield* group;
  for (let number = 1; ; number++)
    for (const suffix of stream.shuffle(vocabulary.suffixes))
      for (const name of neutral) yield number === 1 ? `${name}-${suffix}` : `${name}-${suffix}-${number}`;
}

/** Draws that keep to one word for one, and those that are free to say it otherwise, before names are told apart by an affix. */
const FREE_DRAWS = 12;

/** Names made of other words, then with an affix, then with a number: without end. */
function* candidates(voice: Voice, real: string, kind: 'tool' | 'parameter'): Generator<string> {
  const { stream, vocabulary, prefix } = voice;
  const words = partsOfName(real);
  const first = words.map((word) => said(voice, word));
  const isOther = first.some((word, place) => word !== words[place]);
  const front = kind === 'tool' && prefix !== '' ? [prefix] : [];
  if (isOther) {
    yield written([...front, ...first], voice, kind);
    for (let draw = 0; draw < FREE_DRAWS; draw++)
      yield written([...front, ...words.map((word) => other(voice, word))], voice, kind);
  }
  for (let number = 1; ; number++)
    for (const affix of stream.shuffle(vocabulary.affixes))
      yield written([affix, ...first, ...(number === 1 ? [] : [String(number)])], voice, kind);
}

function said(voice: Voice, word: string): string {
  const known = voice.said.get(word);
  if (known !== undefined) return known;
  const chosen = other(voice, word);
  voice.said.set(word, chosen);
  return chosen;
}

function other({ vocabulary, stream }: Voice, word: string): string {
  const alternatives = vocabulary.alternativesOf(word);
  return alternatives.length === 0 ? word : stream.pick(alternatives);
}

function written(words: readonly string[], { separator }: Voice, kind: 'tool' | 'parameter'): string {
  const by = separator[kind];
  if (by !== 'camel') return words.join(by);
  return words.map((word, place) => (place === 0 ? word : capitalised(word))).join('');
}

export const capitalised = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

/** `readTextFile`, `read_text_file` and `read-text-file` are made of the same words. */
export const partsOfName = (name: string): readonly string[] => {
  const words = name.split(/[^\p{L}\p{N}]+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})/u).filter((word) => word !== '');
  return words.length === 0 ? [name] : words.map((word) => word.toLowerCase());
};
