import type { RandomStream } from '../../core/seeds.ts';
import words from './words.json' with { type: 'json' };

type Stream = Pick<RandomStream, 'pick'>;

interface Concept {
  /** Words that mean the same here; no word belongs to two concepts. */
  readonly train: readonly string[];
  /** Words that no training prompt has. */
  readonly heldOut: readonly string[];
}

const { verbs, nouns }: { readonly verbs: Readonly<Record<string, Concept>>; readonly nouns: typeof verbs } = words;
const conceptOf = (list: typeof verbs): ReadonlyMap<string, Concept> =>
  new Map(Object.values(list).flatMap((concept) => concept.train.map((word) => [word, concept])));
const [verbConcepts, nounConcepts] = [conceptOf(verbs), conceptOf(nouns)];

/** All words that are held out. */
export const heldOutWords: ReadonlySet<string> = new Set(
  [...Object.values(verbs), ...Object.values(nouns)].flatMap(({ heldOut }) => heldOut),
);

/** Words of a template, without the values in braces. */
export const wordsOfTemplate = (template: string): string[] =>
  template
    .replaceAll(/\{\w+\}/g, ' ')
    .toLowerCase()
    .match(/[a-z]+/g) ?? [];

/** Whether a template has a word that is held out. */
export const isHeldOut = (template: string): boolean =>
  wordsOfTemplate(template).some((word) => heldOutWords.has(word));

/**
 * An imperative clause in other words: each verb that begins it or follows "and", and each noun behind an article or the like,
 * becomes a word of the same concept.
 */
export function inOtherWords(clause: string, which: keyof Concept, stream: Stream): string {
  const other = (word: string, concepts: ReadonlyMap<string, Concept>): string => {
    const choice = concepts.get(word)?.[which] ?? [];
    return choice.length > 0 ? stream.pick(choice) : word;
  };
  return clause
    .replaceAll(verbPlace, (word) => other(word, verbConcepts))
    .replaceAll(nounPlace, (word) => other(word, nounConcepts))
    .replaceAll(/\ban? ([a-z]+)\b/g, (whole, word: string) =>
      nounWords.has(word) ? `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}` : whole,
    );
}

/** "Find out", "look up" and "make what …" are none: their verb means something of its own. */
const verbPlace = /(?:^|(?<=\b(?:and|then) ))[a-z]+\b(?! (?:out|on|up|of|what|that|\{it\} your)\b)/g;
/** Neither is "file name" a file. */
const nounPlace =
  /(?<=\b(?:an?|the|its|that|this|new|existing|more|each|every|all|as|whose|only|board|bank|SQL|text) )[a-z]+\b(?! names?\b)/g;
const nounWords = new Set(Object.values(nouns).flatMap(({ train, heldOut }) => [...train, ...heldOut]));
