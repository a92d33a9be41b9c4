import { knownWord, vectorWidth } from '../../core/word-vectors/word-vectors.ts';
import { wordsOf } from '../../core/words.ts';
import { mostLetters } from './clauses.ts';
import { frameOf } from './mentions.ts';

/** Numbers of a text's vector: its words, those that a negation reaches, and how often it denies. */
export const vectorSize = 2 * vectorWidth + 4;

/** Length of either mean, so that it weighs about as much as a text's other numbers together. */
const meanLength = 3;
/** How many words a negation reaches. */
const reach = 4;

const negations = new Set(
  'no not never none nothing without neither nor nobody nowhere cannot lacks lack kein keine keinem nicht nichts'.split(
    ' ',
  ),
);

/** Texts come again with each trajectory. */
const known = new Map<string, Float32Array>();

/**
 * What the words of a text mean, by pretrained vectors: the weighted mean of its words, and of those alone that a negation
 * reaches; names, quoted texts and what stands behind a colon are left out. `isKept` drops words by lot, in training.
 */
export function vectorOf(text: string, isKept?: () => boolean): Float32Array {
  const remembered = isKept ? undefined : known.get(text);
  if (remembered) return remembered;
  const sums = [new Float64Array(vectorWidth), new Float64Array(vectorWidth)] as const;
  let [left, denials] = [0, 0];
  for (const word of wordsIn(text)) {
    const isNegation = negations.has(word);
    if (isNegation) [left, denials] = [reach + 1, denials + 1];
    left -= 1;
    const found = isKept?.() === false ? null : knownWord(word);
    if (!found) continue;
    add(sums[0], found);
    if (left >= 0 && !isNegation) add(sums[1], found);
  }
  const vector = new Float32Array(vectorSize);
  sums.forEach((sum, part) => {
    const length = Math.sqrt(sum.reduce((total, one) => total + one * one, 0));
    if (length > 0)
      vector.set(
        sum.map((one) => (meanLength * one) / length),
        part * vectorWidth,
      );
  });
  vector.set([1, denials % 2, Math.min(1, denials), denials > 1 ? 1 : 0], 2 * vectorWidth);
  if (isKept) return vector;
  if (known.size > 8192) known.clear();
  known.set(text, vector);
  return vector;
}

const wordsIn = (text: string): string[] =>
  wordsOf(
    frameOf(text.slice(0, mostLetters).replace(/`[^`]*`|(?<!\p{L})'[^']*'(?!\p{L})/gu, ' ')).replace(
      /n['’]t\b/g,
      ' not',
    ),
  );

function add(sum: Float64Array, { vector, weight }: { readonly vector: Float32Array; readonly weight: number }): void {
  vector.forEach((entry, index) => {
    sum[index] = (sum[index] as number) + weight * entry;
  });
}
