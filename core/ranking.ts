/** Scores one query against every document, in the documents' order. 0: no word in common. */
export type Ranking = (query: string) => Float64Array;

/** Lower-case words of a text; camelCase, snake_case fall apart into their parts, plurals lose their ending. */
export function wordsOf(text: string): string[] {
  const { hump, word } = isAscii.test(text) ? plainParts : anyParts;
  const apart = text.replaceAll(hump, '$1 $2').toLowerCase();
  return (apart.match(word) ?? []).map(singular);
}

/** The same of a text without other letters, several times as fast. */
const plainParts = { hump: /([a-z])([A-Z])/g, word: /[a-z0-9]+/g };
const anyParts = { hump: /(\p{Ll})(\p{Lu})/gu, word: /[\p{L}\p{N}]+/gu };
const isAscii = /^[\0-\x7f]*$/;

const singular = (word: string) =>
  word.length > 4 && word.endsWith('ies')
    ? `${word.slice(0, -3)}y`
    : word.length > 3 && word.endsWith('s') && !word.endsWith('ss')
      ? word.slice(0, -1)
      : word;

/** The documents that have a word, in their order, and how often each has it. */
interface Posting {
  readonly places: number[];
  readonly counts: number[];
}

/**
 * Okapi BM25 with the inverse document frequency that cannot be negative: ln(1 + (N - n + .5) / (n + .5)).
 * Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), eq. 3.15; k1 1.2 and b .75 are the usual
 * choice. A word that the query repeats counts once.
 */
export function bm25(documents: readonly string[], { k1 = 1.2, b = 0.75 } = {}): Ranking {
  const postings = new Map<string, Posting>();
  const lengths = documents.map((text, place) => {
    const words = wordsOf(text);
    for (const word of words) note(postings, word, place);
    return words.length;
  });
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, documents.length);
  const norms = lengths.map((length) => k1 * (1 - b + (b * length) / meanLength));
  return (query) => {
    const scores = new Float64Array(documents.length);
    for (const word of new Set(wordsOf(query))) {
      const posting = postings.get(word);
      if (!posting) continue;
      const { places, counts } = posting;
      const rarity = Math.log(1 + (documents.length - places.length + 0.5) / (places.length + 0.5));
      for (let i = 0; i < places.length; i++) {
        const [place, count] = [places[i] as number, counts[i] as number];
        scores[place] = (scores[place] as number) + (rarity * count * (k1 + 1)) / (count + (norms[place] as number));
      }
    }
    return scores;
  };
}

function note(postings: Map<string, Posting>, word: string, place: number): void {
  const posting = postings.get(word);
  if (!posting) postings.set(word, { places: [place], counts: [1] });
  else if (posting.places.at(-1) === place) posting.counts[posting.counts.length - 1]! += 1;
  else {
    posting.places.push(place);
    posting.counts.push(1);
  }
}

/** Index of the highest score, the first of equals; -1 where there is none above 0. */
export const best = (scores: ArrayLike<number>): number => bestOf(scores, 1)[0] ?? -1;

/** Indices of the highest scores above 0, at most `most`, the highest first, the first of equals before the others. */
export function bestOf(scores: ArrayLike<number>, most: number): number[] {
  const chosen: number[] = [];
  let least = 0;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] as number;
    if (score <= least) continue;
    let at = chosen.length;
    while (at > 0 && score > (scores[chosen[at - 1] as number] as number)) at--;
    chosen.splice(at, 0, index);
    if (chosen.length > most) chosen.pop();
    if (chosen.length === most) least = scores[chosen[most - 1] as number] as number;
  }
  return chosen;
}
