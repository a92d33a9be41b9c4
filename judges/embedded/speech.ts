import { mostLetters } from './clauses.ts';
import { nameWords } from './verbs.ts';
import { damped, flag, share } from './matching.ts';
import type { ReadCall, ReadTrajectory } from './record.ts';

/**
 * What a sentence that nobody wrote by our forms points at in an episode: tools and servers by their names, texts and names of
 * things, numbers. In numbers of 0..1 and in a fixed order; which of them count, and which way, its other words say.
 */
export function speechNumbers(sentence: Sentence, read: ReadTrajectory): Record<string, number> {
  return { ...toolNumbers(sentence, read), ...textNumbers(sentence, read), ...countNumbers(sentence, read) };
}

/** What stands in a sentence, found once. */
export interface Sentence {
  /** In small letters, names as words, without what is quoted. */
  readonly words: string;
  /** Names with an underscore, hyphen or point in them, or in backquotes, as words. */
  readonly names: readonly string[];
  /** Quoted texts, and paths. */
  readonly texts: readonly string[];
  readonly count: number | null;
  /** Nouns that a number may count, in the singular. */
  readonly nouns: ReadonlySet<string>;
}

const quotes = /"([^"]+)"|“([^”]+)”|‘([^’]+)’|(?<!\p{L})'([^']+)'(?!\p{L})|`([^`]+)`|«([^»]+)»|„([^“”]+)[“”]/gu;
const numerals = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

const isName = (one: string) => /^[\p{L}\d]+(?:[._-][\p{L}\d]+)+$/u.test(one);

export function sentenceIn(whole: string): Sentence {
  const text = whole.slice(0, mostLetters);
  const quoted = [...text.matchAll(quotes)].map((match) => ({
    text: match.slice(1).find((one) => one !== undefined) ?? '',
    isCode: match[5] !== undefined,
  }));
  const bare = text.replace(quotes, ' ');
  const joined = [...bare.matchAll(/[\p{L}\d]+(?:[._-][\p{L}\d]+)+/gu)].map(([name]) => name);
  const paths = [...bare.matchAll(/[\w.-]*\/[\w./-]+|\b[\w-]+\.[a-z]{2,4}\b/g)].map(([path]) => path);
  const plain = nameWords(bare);
  const digits = plain.find((word) => /^\d+$/.test(word));
  const numeral = plain.map((word) => numerals.indexOf(word)).find((value) => value === 0 || value > 1);
  return {
    words: ` ${nameWords(text).join(' ')} `,
    names: [...joined, ...quoted.flatMap((one) => (one.isCode && isName(one.text) ? [one.text] : []))].map((name) =>
      nameWords(name).join(' '),
    ),
    texts: [...new Set([...quoted.map((one) => one.text), ...paths].filter((one) => one.trim().length > 0))],
    count: digits === undefined ? (numeral ?? null) : Number(digits),
    nouns: new Set(plain.map(singular)),
  };
}

/** `entities` → `entity`, `files` → `file`, `directory` → `folder`. */
function singular(word: string): string {
  const one = word
    .replace(/ies$/, 'y')
    .replace(/(ch|sh|x|s)es$/, '$1')
    .replace(/([^s])s$/, '$1');
  return one === 'directory' ? 'folder' : one === 'note' ? 'file' : one === 'entitie' ? 'entity' : one;
}

/** Names of a loaded tool as words. */
const loadedWords = (key: string) => ({
  toolWords: nameWords(key.slice(key.indexOf(' ') + 1)).join(' '),
  serverWords: nameWords(key.slice(0, key.indexOf(' '))).join(' '),
});

/** First place of a name among the words, as whole words; -1 where it is not. */
const placeOf = (words: string, name: string): number => (name === '' ? -1 : words.indexOf(` ${name} `));

function toolNumbers({ words, names }: Sentence, { calls, loads }: ReadTrajectory) {
  const distinct = [...new Map(calls.map((call) => [call.key, call])).values()];
  const isNamed = ({ toolWords: tool }: Pick<ReadCall, 'toolWords'>) => {
    // A tool with a name of one word is named where the server stands before it, or the word as a name.
    return tool.includes(' ')
      ? placeOf(words, tool) >= 0
      : names.some((name) => name === tool || name.endsWith(` ${tool}`));
  };
  // Of names within each other the longest is meant.
  const named = distinct.filter(isNamed).filter((call, _, all) => !all.some((other) => isWithin(call, other)));
  const known = new Set([...distinct, ...loads.map(loadedWords)].flatMap((one) => [one.toolWords, one.serverWords]));
  const isKnown = (name: string) => [...known].some((one) => name === one || name.endsWith(` ${one}`));
  const servers = distinct.filter((call) => placeOf(words, call.serverWords) >= 0);
  const inText = [...named].sort((a, b) => placeOf(words, a.toolWords) - placeOf(words, b.toolWords));
  const firsts = inText.map((call) => calls.findIndex(({ key }) => key === call.key));
  const loaded = loads.map(loadedWords).some(isNamed);
  return {
    'a called tool is named': flag(named.length > 0),
    'a named tool works': flag(named.some(({ key }) => calls.some((call) => call.key === key && call.isWorking))),
    'a named tool fails': flag(named.some(({ key }) => calls.some((call) => call.key === key && !call.isWorking))),
    'a named tool is called again': flag(named.some(({ key }) => calls.filter((call) => call.key === key).length > 1)),
    'a named tool is loaded': flag(loaded),
    'names stand there': flag(names.length > 0),
    'a name is of no tool called': flag(names.some((name) => !isKnown(name))),
    'two called tools are named': flag(named.length > 1),
    'named tools are called in order': flag(
      firsts.length > 1 && firsts.every((at, index) => index === 0 || at > (firsts[index - 1] ?? 0)),
    ),
    'named tools are called in reverse': flag(
      firsts.length > 1 && firsts.every((at, index) => index === 0 || at < (firsts[index - 1] ?? 0)),
    ),
    'a called server is named': flag(servers.length > 0),
  };
}

const isWithin = (one: ReadCall, other: ReadCall) =>
  one !== other && ` ${other.toolWords} `.includes(` ${one.toolWords} `) && other.toolWords !== one.toolWords;

const gives = (call: ReadCall, text: string) => call.loweredTexts.some((one) => one.includes(text));

function textNumbers({ texts }: Sentence, { calls, answer, prompt, loads }: ReadTrajectory) {
  // A quoted name of a tool is no text that anything holds.
  const known = new Set([...calls, ...loads.map(loadedWords)].map(({ toolWords }) => toolWords));
  const asked = texts.filter((text) => !known.has(nameWords(text).join(' '))).map((text) => text.toLowerCase());
  const [request, reply] = [prompt.toLowerCase(), answer === null ? null : answer.toLowerCase()];
  const any = (holds: (text: string) => boolean) => flag(asked.some(holds));
  const isGiven = (text: string, passes: (call: ReadCall) => boolean) =>
    calls.some((call) => passes(call) && gives(call, text));
  const lastOf = (text: string): string => {
    const changes = calls.filter((call) => call.isWorking && !call.isLookup && gives(call, text));
    const last = changes.at(-1);
    if (!last) return 'none';
    const verb = last.verb;
    if (verb !== 'moves') return verb;
    const [from = '', to = ''] = last.loweredTexts;
    return from.includes(text) && !to.includes(text) ? 'removes' : 'makes';
  };
  const shown = (text: string) => calls.some((call) => call.isWorking && call.loweredResult.includes(text));
  return {
    'texts stand there': flag(asked.length > 0),
    'a text is of the prompt': any((text) => request.includes(text)),
    'a text is given': any((text) => isGiven(text, () => true)),
    'a text is given exactly': any((text) => calls.some((call) => call.loweredTexts.includes(text))),
    'a text is given and works': any((text) => isGiven(text, (call) => call.isWorking)),
    'a text is given to a change': any((text) => isGiven(text, (call) => call.isWorking && !call.isLookup)),
    'a text is only given in vain': any(
      (text) => isGiven(text, () => true) && !isGiven(text, (call) => call.isWorking),
    ),
    'a text is made last': any((text) => ['makes', 'changes', 'other'].includes(lastOf(text))),
    'a text is removed last': any((text) => lastOf(text) === 'removes'),
    'a text is shown': any((text) => shown(text)),
    'a text is shown and not removed': any((text) => shown(text) && lastOf(text) !== 'removes'),
    'a text is nowhere': any((text) => !isGiven(text, () => true) && !shown(text) && !request.includes(text)),
    'a text is in the answer': any((text) => reply?.includes(text) === true),
    'a text is the answer': any((text) => reply?.trim() === text.trim()),
  };
}

function countNumbers(sentence: Sentence, read: ReadTrajectory): Record<string, number> {
  return sentence.count === null ? withoutCount : comparedWith(sentence.count, sentence.nouns, read);
}

function comparedWith(
  count: number,
  nouns: ReadonlySet<string>,
  { calls, turns, loads }: ReadTrajectory,
): Record<string, number> {
  const working = calls.filter(({ isWorking }) => isWorking);
  const made = working
    .filter((call) => call.verb === 'makes')
    .reduce((sum, call) => sum + (isOfNoun(call, nouns) ? call.items : 0), 0);
  const counts: Readonly<Record<string, number>> = {
    calls: calls.length,
    'accepted calls': calls.filter(({ isAccepted }) => isAccepted).length,
    'failed calls': calls.length - working.length,
    tools: new Set(calls.map(({ key }) => key)).size,
    servers: new Set(calls.map(({ serverWords }) => serverWords)).size,
    'things made': made,
    turns,
    loads: loads.length,
    repeats: calls.length - new Set(calls.map(({ key, leaves }) => `${key} ${leaves.join('\n')}`)).size,
  };
  const compared = Object.entries(counts).flatMap(([name, value]) => [
    [`${name} below the number`, flag(value < count)] as const,
    [`${name} equal the number`, flag(value === count)] as const,
    [`${name} above the number`, flag(value > count)] as const,
  ]);
  return {
    'a number stands there': 1,
    'the number': damped(count),
    'the number is 0': flag(count === 0),
    ...Object.fromEntries(compared),
  };
}

const empty: ReadTrajectory = {
  prompt: '',
  calls: [],
  loads: [],
  lists: 0,
  refused: 0,
  turns: 0,
  loadedAtOnce: 'tool',
  answer: null,
  hasLeft: false,
};
/** Most sentences have no number, and counting takes its time. */
const withoutCount = Object.fromEntries(Object.keys(comparedWith(0, new Set(), empty)).map((name) => [name, 0]));

/** Whether a call makes what a noun says, by its tool's name. */
function isOfNoun(call: ReadCall, nouns: ReadonlySet<string>): boolean {
  const words = nameWords(call.key.slice(call.key.indexOf(' ') + 1)).map(singular);
  const kinds = words.includes('write') && !words.includes('query') ? [...words, 'file'] : words;
  return kinds.some((word) => nouns.has(word));
}

/** What the verbs of tools say of an episode, whatever is asked of it. */
export function deedNumbers({ calls, loads }: ReadTrajectory): Record<string, number> {
  const working = calls.filter(({ isWorking }) => isWorking);
  const verbs = working.map(({ verb }) => verb);
  const changes = verbs.findIndex((verb) => verb !== 'looks');
  const before = (call: ReadCall) => working.filter((other) => other.turn < call.turn).map(({ result }) => result);
  const isOnKnown = working.some(
    (call) =>
      call.verb === 'makes' &&
      call.texts[0] !== undefined &&
      before(call).some((text) => text.includes(lastPart(call.texts[0] ?? ''))),
  );
  const failed = calls.filter(({ isWorking }) => !isWorking);
  const count = (verb: string) => verbs.filter((one) => one === verb).length;
  const distinct = new Set(calls.map(({ key }) => key));
  return {
    'something is made': flag(count('makes') > 0),
    'something is changed': flag(count('changes') > 0),
    'something is removed': flag(count('removes') > 0),
    'something is moved': flag(count('moves') > 0),
    'something is looked up': flag(count('looks') > 0),
    'something else is done': flag(count('other') > 0),
    'all is looked up': flag(working.length > 0 && count('looks') === working.length),
    'looks before the first change': flag(changes > 0),
    'changes before any look': flag(changes === 0),
    'something known is made again': flag(isOnKnown),
    'one server': flag(new Set(calls.map(({ serverWords }) => serverWords)).size === 1),
    'servers more than one': flag(new Set(calls.map(({ serverWords }) => serverWords)).size > 1),
    'a tool is called again': flag(distinct.size < calls.length),
    'the last call works': flag(calls.at(-1)?.isWorking === true),
    'a failed tool works later': flag(
      failed.some((call) =>
        working.some((other) => other.key === call.key && calls.indexOf(other) > calls.indexOf(call)),
      ),
    ),
    'a failed tool never works later': flag(
      failed.some(
        (call) => !working.some((other) => other.key === call.key && calls.indexOf(other) > calls.indexOf(call)),
      ),
    ),
    'loads that are called': share(loads.filter((key) => distinct.has(key)).length, loads.length),
    'kinds of tools': damped(distinct.size),
  };
}

const lastPart = (path: string) => path.split('/').at(-1) ?? path;
