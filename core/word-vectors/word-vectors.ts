import { readFileSync } from 'node:fs';
import { stemOf, wordsOf } from '../words.ts';

/** Entries of a word's vector. */
export const vectorWidth = 96;

/** One word of the vocabulary. */
export interface KnownWord {
  /** Of unit length: the dot product of two is their cosine. Shared, never to be changed. */
  readonly vector: Float32Array;
  /** 0..1, small for words that are in every text, after Arora, Liang and Ma, "A simple but tough-to-beat baseline" (2017). */
  readonly weight: number;
}

/** Weight ½ is that of a word with this share of all running text. */
const halfWeightShare = 3e-4;

interface Table {
  readonly rows: Int8Array;
  readonly rankOf: ReadonlyMap<string, number>;
  readonly rankOfStem: ReadonlyMap<string, number>;
  readonly known: Map<number, KnownWord>;
}
let table: Table | undefined;

/**
 * The word, or else the most frequent word of the vocabulary that has its stem; `null` for words of neither kind, and for
 * numbers. In lower case, as `wordsOf` gives it.
 */
export function knownWord(word: string): KnownWord | null {
  table ??= readTable();
  const rank = table.rankOf.get(word) ?? table.rankOfStem.get(stemOf(word));
  if (rank === undefined) return null;
  let found = table.known.get(rank);
  if (!found) table.known.set(rank, (found = { vector: vectorAt(table.rows, rank), weight: weightAt(rank) }));
  return found;
}

/** All words, the most frequent first but for the single letters, which stand in front. */
export const vocabulary = (): readonly string[] => [...(table ??= readTable()).rankOf.keys()];

/** Vector of one word, `null` where neither the word nor its stem is known. */
export const wordVector = (word: string): Float32Array | null => knownWord(word)?.vector ?? null;

/** Weighted mean of a text's words, of unit length; all 0 where none of them is known. */
export function clauseVector(text: string): Float32Array {
  const sum = new Float64Array(vectorWidth);
  for (const word of wordsOf(text)) {
    const known = knownWord(word);
    known?.vector.forEach((entry, i) => (sum[i] = (sum[i] as number) + known.weight * entry));
  }
  return unitOf(sum);
}

/** Cosine of two vectors of unit length, 0 where one of them is all 0. */
export const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, entry, i) => sum + entry * (b[i] ?? 0), 0);

/** Words and rows made by `docs/word-vectors/make.py`: one word a line, the most frequent first. */
function readTable(): Table {
  const words = readFileSync(new URL('words.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const bytes = readFileSync(new URL('vectors.int8', import.meta.url));
  const rankOfStem = new Map<string, number>();
  words.forEach((word, rank) => {
    const stem = stemOf(word);
    if (!rankOfStem.has(stem)) rankOfStem.set(stem, rank);
  });
  return {
    rows: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    rankOf: new Map(words.map((word, rank) => [word, rank])),
    rankOfStem,
    known: new Map(),
  };
}

const vectorAt = (rows: Int8Array, rank: number): Float32Array =>
  unitOf(rows.subarray(rank * vectorWidth, (rank + 1) * vectorWidth));

/** By Zipf's law the word of rank r has about .1 / r of all running text. */
function weightAt(rank: number): number {
  const share = 0.1 / (rank + 1);
  return halfWeightShare / (halfWeightShare + share);
}

function unitOf(row: Int8Array | Float64Array): Float32Array {
  let squares = 0;
  for (const entry of row) squares += entry * entry;
  const length = Math.sqrt(squares) || 1;
  return Float32Array.from(row, (entry) => entry / length);
}
