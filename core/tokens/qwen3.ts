import { Buffer } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { atOnce, makeBytePairs, type BytePairs } from './byte-pairs.ts';
import { toNfc } from './normal-text.ts';
import { makePairTable } from './pair-table.ts';
import { preTokens } from './pre-tokens.ts';
import { readQwen3File } from './qwen3-file.ts';

/**
 * Exact token counts of the Qwen3 tokenizer, fast enough for every message of every training episode.
 *
 * A text is split as the tokenizer's own JSON says (special tokens, NFC, pre-token pattern). Byte-pair merges never cross
 * a pre-token, hence the sum over pre-tokens is exact; tool text repeats itself, so each is merged once. Any text costs
 * n log n at most.
 *
 * Special tokens inside untrusted text count as the one token that transformers, vLLM and Ollama make of them when
 * they encode a rendered prompt: the count is that of the prompt a model would get, nothing is escaped.
 */
interface Counter {
  readonly special: RegExp;
  readonly preToken: RegExp;
  readonly bytePairs: BytePairs;
  /** Bytes of the longest token. */
  readonly longestTokenBytes: number;
  /** Pre-token → tokens. */
  readonly pieces: Map<string, number>;
  /** Whole text → tokens: the same schemas and results come back in every episode. */
  readonly texts: Map<string, number>;
}

/** Bounds of the two memories; a full one is emptied. Long entries are not kept: they rarely come back. */
const mostPieces = 200_000;
const longestPiece = 64;
const mostTexts = 4_000;
const longestText = 20_000;

let loaded: Counter | undefined;

/** Loaded once per thread at the first count, about half a second. */
function loadedCounter(): Counter {
  return (loaded ??= load());
}

function load(): Counter {
  const file = readQwen3File();
  return {
    special: file.special,
    preToken: file.preToken,
    bytePairs: makeBytePairs(makePairTable(file)),
    longestTokenBytes: Object.keys(file.vocabulary).reduce((most, token) => Math.max(most, token.length), 0),
    pieces: new Map(),
    texts: new Map(),
  };
}

/** Number of Qwen3 tokens of a text, no template added. */
export function countTokens(text: string): number {
  const counter = loadedCounter();
  if (text.length > longestText) return atOnce(countSteps(text, counter));
  const rememberedTotal = counter.texts.get(text);
  if (rememberedTotal !== undefined) return rememberedTotal;
  const total = atOnce(countSteps(text, counter));
  remember(counter.texts, mostTexts, text, total);
  return total;
}

/** From this length on, in UTF-16 units, a count lets other work of the thread go on in between. */
const slicedLength = 200_000;
/** Some milliseconds. */
const stepsPerSlice = 4;

/** The same number; a long text is counted in slices, between which signals, deadlines and other episodes get their turn. */
export async function countTokensInSlices(text: string, signal?: AbortSignal): Promise<number> {
  if (text.length < slicedLength) return countTokens(text);
  const steps = countSteps(text, loadedCounter());
  for (;;) {
    for (let count = 0; count < stepsPerSlice; count++) {
      const step = steps.next();
      if (step.done) return step.value;
    }
    await setImmediate();
    signal?.throwIfAborted();
  }
}

/** UTF-16 units. */
const stepLength = 16_384;
/** Longer pre-tokens are merged in steps of their own. */
const longPieceLength = 4_096;

function* countSteps(text: string, counter: Counter): Generator<undefined, number> {
  let total = 0;
  let stepped = 0;
  for (const section of sections(text, counter)) {
    if (stepped >= stepLength) {
      stepped = 0;
      yield undefined;
    }
    stepped += section.text.length;
    if (section.isSpecial) total += 1;
    else if (section.text.length <= stepLength) total += countPieces(section.text, counter);
    else total += yield* countLongSection(section.text, counter);
  }
  return total;
}

/** Apart from the steps, since the engine makes more of a plain function, and most texts end here. */
function countPieces(text: string, counter: Counter): number {
  let total = 0;
  for (const piece of text.match(counter.preToken) ?? []) total += countPiece(piece, counter);
  return total;
}

function* countLongSection(text: string, counter: Counter): Generator<undefined, number> {
  let total = 0;
  let stepped = 0;
  for (const piece of preTokens(text, counter.preToken)) {
    if (piece.length > longPieceLength) total += yield* counter.bytePairs.countInSteps(Buffer.from(piece));
    else total += countPiece(piece, counter);
    stepped += piece.length;
    if (stepped < stepLength) continue;
    stepped = 0;
    yield undefined;
  }
  return total;
}

/**
 * The longest beginning of a text that has at most `limit` tokens, and the number of tokens left out of its `whole`. A
 * text that fits comes back as it is; a cut one is in NFC. Surrogate pairs stay whole.
 */
export function cutToTokens(
  text: string,
  limit: number,
  whole = countTokens(text),
): { readonly text: string; readonly cutTokens: number } {
  if (whole <= limit) return { text, cutTokens: 0 };
  const counter = loadedCounter();
  let kept = '';
  let keptTokens = 0;
  for (const { piece, isSpecial } of pieces(text, counter)) {
    // a piece has at least as many bytes as units, so that a very long one need not be counted
    const isTooLong = piece.length > (limit - keptTokens) * counter.longestTokenBytes;
    const tokens = isSpecial ? 1 : isTooLong ? Infinity : countTokens(piece);
    if (keptTokens + tokens > limit) {
      // White space at the cut joins the white space before it, so the joined text is counted, not the parts.
      const longer = kept + (isSpecial ? '' : longestBeginning(piece, limit - keptTokens));
      const longerTokens = countTokens(longer);
      if (longerTokens <= limit) [kept, keptTokens] = [longer, longerTokens];
      break;
    }
    kept += piece;
    keptTokens += tokens;
  }
  return { text: kept, cutTokens: whole - keptTokens };
}

function* pieces(text: string, counter: Counter): Generator<{ readonly piece: string; readonly isSpecial: boolean }> {
  for (const { isSpecial, text: part } of sections(text, counter)) {
    if (isSpecial) yield { piece: part, isSpecial };
    else for (const piece of preTokens(part, counter.preToken)) yield { piece, isSpecial };
  }
}

/** Longest beginning of one pre-token within a limit, by halving over code points. */
function longestBeginning(piece: string, limit: number): string {
  if (limit <= 0) return '';
  // A code point has a byte at least, so that a longer beginning is never within the limit and need not be counted.
  const mostPoints = limit * loadedCounter().longestTokenBytes;
  const ends = pointEnds(piece);
  const countOf = beginningCounter(piece.slice(0, ends[Math.min(mostPoints, ends.length - 1)]));
  let [fits, tooLong] = [0, ends.length - 1];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (middle <= mostPoints && countOf(piece.slice(0, ends[middle])) <= limit) fits = middle;
    else tooLong = middle;
  }
  return piece.slice(0, ends[fits]);
}

/** Counts beginnings of a pre-token. Those of a long run, in which nothing begins another pre-token, have most of the work in common. */
function beginningCounter(piece: string): (beginning: string) => number {
  if (piece.length <= longPieceLength || /\s/u.test(piece.slice(1))) return countTokens;
  const count = loadedCounter().bytePairs.beginnings(Buffer.from(piece));
  return (beginning) => count(Buffer.byteLength(beginning));
}

/** At n, the length of the first n code points. */
function pointEnds(text: string): Uint32Array {
  const ends = new Uint32Array(text.length + 1);
  let points = 0;
  for (let end = 0; end < text.length; ends[++points] = end) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return ends.subarray(0, points + 1);
}

function* sections(
  text: string,
  counter: Counter,
): Generator<{ readonly isSpecial: boolean; readonly text: string }, void> {
  let end = 0;
  for (const match of text.matchAll(counter.special)) {
    if (match.index > end) yield { isSpecial: false, text: toNfc(text.slice(end, match.index)) };
    yield { isSpecial: true, text: match[0] };
    end = match.index + match[0].length;
  }
  if (end < text.length) yield { isSpecial: false, text: toNfc(text.slice(end)) };
}

function countPiece(piece: string, { bytePairs, pieces: memory }: Counter): number {
  const rememberedTotal = memory.get(piece);
  if (rememberedTotal !== undefined) return rememberedTotal;
  const bytes = Buffer.from(piece);
  const total = atOnce(bytePairs.countInSteps(bytes));
  if (piece.length <= longestPiece) remember(memory, mostPieces, copyOf(piece, bytes), total);
  return total;
}

/** A match is a window on the text that it was found in, and would keep all of that in memory. */
function copyOf(piece: string, bytes: Buffer): string {
  const isAscii = bytes.length === piece.length;
  return isAscii ? bytes.toString('latin1') : Buffer.from(piece, 'utf16le').toString('utf16le');
}

function remember(memory: Map<string, number>, most: number, text: string, total: number): void {
  if (memory.size >= most) memory.clear();
  memory.set(text, total);
}
