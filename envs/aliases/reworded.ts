import { randomStream, type RandomStream } from '../../core/seeds.ts';
import type { HeldOut } from './held-out.ts';
import { capitalised } from './names.ts';
import type { Vocabulary } from './vocabulary.ts';

export interface RewordOptions {
  readonly seed: number;
  readonly vocabulary: Vocabulary;
  readonly heldOut: HeldOut;
  /** Descriptions that a user gave for this text, of this vocabulary; one of them is taken where there are some. */
  readonly given?: readonly string[];
  /** Makes it say aliases where it names tools and parameters. */
  readonly withAliases: (text: string) => string;
}

/** Descriptions that are cut to their first sentence, and those that begin with other words of the house. */
const CUT_SHARE = 0.35;
const OPENED_SHARE = 0.3;
/** Words of a description that are said otherwise, of those that can be. */
const CHANGED_SHARE = 0.6;

/** A description in other words, the same for the same seed; never one that is held out. An empty one stays empty. */
export function reworded(text: string, { seed, vocabulary, heldOut, given = [], withAliases }: RewordOptions): string {
  const stream = randomStream(seed);
  if (given.length > 0) return withAliases(stream.pick(given));
  if (text.trim() === '') return text;
  const isCut = stream.uniform() < CUT_SHARE;
  const said = inOtherWords(withAliases(isCut ? firstSentence(text) : text), stream, vocabulary);
  const isOpened = stream.uniform() < OPENED_SHARE || said === text || heldOut.isDescription(said);
  return isOpened ? `${stream.pick(vocabulary.openers)} ${said}` : said;
}

const firstSentence = (text: string): string => /^[^]*?[.!?](?=\s)/.exec(text.trim())?.[0] ?? text;

/** Words in quotes, what may be a name, and participles, some of which look like the verbs that they come from, stay. */
const inOtherWords = (text: string, stream: RandomStream, vocabulary: Vocabulary): string =>
  text.replaceAll(/(?<![\w`'"/.-]|\b(?:be|been|is|are|was|were) )[A-Za-z][a-z]+(?![\w`'"/-]|\.\w)/g, (word) => {
    const alternatives = vocabulary.alternativesInProse(word.toLowerCase());
    if (alternatives.length === 0 || stream.uniform() >= CHANGED_SHARE) return word;
    const other = stream.pick(alternatives);
    return /^[A-Z]/.test(word) ? capitalised(other) : other;
  });
