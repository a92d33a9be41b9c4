import { Tokenizer } from '@huggingface/tokenizers';
import { setImmediate } from 'node:timers/promises';
import type { TokenCounter } from '../tokens/counter.ts';

/** A tokenizer in the form of Hugging Face's files. */
export interface TokenizerFiles {
  readonly tokenizer: object;
  readonly config: object;
}

interface AddedToken {
  readonly content: string;
  readonly normalized?: boolean;
}

/** Sections counted before, bounded by their characters: a prompt's earlier messages come back in every turn. */
const mostRememberedCharacters = 8_000_000;
/** Longer sections are counted in pieces, each cut before white space: the sum is near the whole's. */
const longSection = 200_000;
const pieceLength = 16_384;
/** From this length on, in UTF-16 units, a count lets other work of the thread go on in between. */
const slicedLength = 50_000;

/**
 * Counts by Hugging Face's own library. A text is divided at added tokens, at which the library divides it too before it does
 * anything else, so that each section is counted once. Throws what the library throws at files that it cannot read.
 */
export function libraryCounter({ tokenizer: file, config }: TokenizerFiles): PlainCounter {
  const tokenizer = new Tokenizer(file, config);
  const marks = markPattern((file as { added_tokens?: readonly AddedToken[] }).added_tokens ?? []);
  return sectionCounter((text) => tokenizer.tokenize(text).length, marks);
}

type PlainCounter = Omit<TokenCounter, 'source' | 'template'>;

/** Counts by any tokenizer, long texts in pieces; `marks` finds tokens that are divided at before anything else. */
export function sectionCounter(tokensOf: (text: string) => number, marks: RegExp | null): PlainCounter {
  const remembered = new Map<string, number>();
  let rememberedCharacters = 0;

  const sectionTokens = (section: Section): number => {
    const { before, text, after } = section;
    const whole = before + text + after;
    const known = remembered.get(whole);
    if (known !== undefined) return known;
    // Added tokens may take white space beside them away, so that they are a part of what is counted.
    const tokens = tokensOf(whole) - (before === '' ? 0 : 1) - (after === '' ? 0 : 1);
    if (rememberedCharacters + whole.length > mostRememberedCharacters) {
      remembered.clear();
      rememberedCharacters = 0;
    }
    remembered.set(whole, tokens);
    rememberedCharacters += whole.length;
    return tokens;
  };
  function* steps(text: string): Generator<undefined, number> {
    let total = 0;
    for (const section of sectionsOf(text, marks)) {
      if (section.text === '') continue;
      total += section.text.length > longSection ? yield* inPieces(section.text) : sectionTokens(section);
      yield undefined;
    }
    return total + (marks === null ? 0 : (text.match(marks)?.length ?? 0));
  }
  function* inPieces(text: string): Generator<undefined, number> {
    let total = 0;
    for (let start = 0; start < text.length;) {
      const end = pieceEnd(text, start);
      total += tokensOf(text.slice(start, end));
      start = end;
      yield undefined;
    }
    return total;
  }
  const count = (text: string): number => {
    const counting = steps(text);
    for (;;) {
      const step = counting.next();
      if (step.done) return step.value;
    }
  };
  const countInSlices: TokenCounter['countInSlices'] = async (text, signal) => {
    if (text.length < slicedLength) return count(text);
    const counting = steps(text);
    for (;;) {
      const step = counting.next();
      if (step.done) return step.value;
      await setImmediate();
      signal?.throwIfAborted();
    }
  };
  return { count, countInSlices, cut: (text, limit, whole) => cutBy(count, text, limit, whole) };
}

interface Section {
  /** The added token before it; '' at the beginning. */
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

function* sectionsOf(text: string, marks: RegExp | null): Generator<Section> {
  let [before, start] = ['', 0];
  for (const match of marks === null ? [] : text.matchAll(marks)) {
    yield { before, text: text.slice(start, match.index), after: match[0] };
    before = match[0];
    start = match.index + before.length;
  }
  yield { before, text: text.slice(start), after: '' };
}

/** Added tokens that are looked for in the text as it is, the longest first; null where there are none. */
function markPattern(added: readonly AddedToken[]): RegExp | null {
  const contents = added.filter(({ content, normalized }) => normalized !== true && content !== '');
  if (contents.length === 0) return null;
  const longestFirst = contents.map(({ content }) => content).toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map((content) => content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|'), 'gu');
}

/** The last white space of a piece's length, else that length, surrogate pairs left whole. */
function pieceEnd(text: string, start: number): number {
  const most = start + pieceLength;
  if (most >= text.length) return text.length;
  const space = text.slice(start + 1, most).search(/\s(?=\S*$)/);
  const end = space < 0 ? most : start + 1 + space;
  return isInPair(text, end) ? end - 1 : end;
}

const isInPair = (text: string, at: number): boolean => (text.codePointAt(at - 1) ?? 0) > 0xffff;

const mostCuts = 12;

/** Nears the longest beginning within the limit by the texts' tokens a character; what it gives is always within it. */
function cutBy(
  count: (text: string) => number,
  text: string,
  limit: number,
  whole: number,
): { readonly text: string; readonly cutTokens: number } {
  if (whole <= limit) return { text, cutTokens: 0 };
  let [fits, fitTokens] = [0, 0];
  let [tooLong, tooManyTokens] = [text.length, whole];
  for (let cuts = 0; cuts < mostCuts && tooLong - fits > 1 && fitTokens < limit; cuts++) {
    // Between the two that are known, by turns in proportion and in the middle.
    const share = cuts % 3 === 2 ? 0.5 : (limit - fitTokens + 0.5) / (tooManyTokens - fitTokens);
    const guess = fits + Math.min(tooLong - fits - 1, Math.max(1, Math.floor((tooLong - fits) * share)));
    const end = isInPair(text, guess) ? guess - 1 : guess;
    if (end <= fits) break;
    const tokens = count(text.slice(0, end));
    if (tokens <= limit) [fits, fitTokens] = [end, tokens];
    else [tooLong, tooManyTokens] = [end, tokens];
  }
  return { text: text.slice(0, fits), cutTokens: whole - fitTokens };
}
