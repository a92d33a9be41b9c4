/** Scores one query against every document, in the documents' order. 0: no word in common. */
export type Ranking = (query: string) => readonly number[];

/** Lower-case words of a text; camelCase, snake_case fall apart into their parts, plurals lose their ending. */
export function wordsOf(text: string): string[] {
  const apart = text.replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase();
  return (apart.match(/[\p{L}\p{N}]+/gu) ?? []).map(singular);
}

const singular = (word: string) =>
  word.length > 4 && word.endsWith('ies')
    ? `${word.slice(0, -3)}y`
    : word.length > 3 && word.endsWith('s') && !word.endsWith('ss')
      ? word.slice(0, -1)
      : word;

/**
 * Okapi BM25 with the inverse document frequency that cannot be negative: ln(1 + (N - n + .5) / (n + .5)).
 * Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), eq. 3.15; k1 1.2 and b .75 are the usual
 * choice. A word that the query repeats counts once.
 */
export function bm25(documents: readonly string[], { k1 = 1.2, b = 0.75 } = {}): Ranking {
  const lengths = documents.map(() => 0);
  const postings = new Map<string, Map<number, number>>();
  for (const [index, text] of documents.entries()) {
    for (const word of wordsOf(text)) {
      lengths[index] = (lengths[index] ?? 0) + 1;
      const posting = postings.get(word) ?? new Map<number, number>();
      posting.set(index, (posting.get(index) ?? 0) + 1);
      postings.set(word, posting);
    }
  }
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, documents.length);
  return (query) => {
    const scores = documents.map(() => 0);
    for (const word of new Set(wordsOf(query))) {
      const posting = postings.get(word);
      if (!posting) continue;
      const rarity = Math.log(1 + (documents.length - posting.size + 0.5) / (posting.size + 0.5));
      for (const [index, count] of posting) {
        const norm = k1 * (1 - b + (b * (lengths[index] ?? 0)) / meanLength);
        scores[index] = (scores[index] ?? 0) + (rarity * count * (k1 + 1)) / (count + norm);
      }
    }
    return scores;
  };
}

/** Index of the highest score, the first of equals; -1 where there is none above 0. */
export function best(scores: readonly number[]): number {
  let result = -1;
  for (const [index, score] of scores.entries()) if (score > (scores[result] ?? 0)) result = index;
  return result;
}
