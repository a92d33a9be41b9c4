import { cosine, vocabulary, wordVector } from '../../core/word-vectors/word-vectors.ts';

/** What the policy knows of a word beside its letters. */
export interface WordReading {
  /** What else a word counts as, with a weight of 0..1 each. */
  readonly kinOf: (word: string) => readonly (readonly [kin: string, weight: number])[];
  /** How far a set of stems has this one, or something like it: 0..1. */
  readonly shareIn: (stem: string, others: ReadonlySet<string>) => number;
}

/** Words are equal or they are not. */
export const byStems: WordReading = {
  kinOf: () => [],
  shareIn: (stem, others) => (others.has(stem) ? 1 : 0),
};

/** Likeness below this is that of any two words. */
const leastLikeness = 0.35;
/** One in so many of the frequent words, from that rank on, is a landmark; each word counts as those nearest to it. */
const landmarks = { every: 16, from: 100, count: 256 };
const kinOfEach = 3;

/** Words are as like as their vectors: a word never heard counts, in part, as those that mean nearly the same. */
export function byVectors(): WordReading {
  const frequent = vocabulary().slice(landmarks.from, landmarks.from + landmarks.every * landmarks.count);
  const marks = frequent.filter((_, i) => i % landmarks.every === 0);
  const kin = new Map<string, readonly (readonly [string, number])[]>();
  const likenesses = new Map<string, Map<string, number>>();
  const likeness = (one: string, other: string): number => {
    const known = likenesses.get(one) ?? new Map<string, number>();
    likenesses.set(one, known);
    let found = known.get(other);
    if (found === undefined) {
      const [a, b] = [wordVector(one), wordVector(other)];
      found = a && b ? Math.max(0, (cosine(a, b) - leastLikeness) / (1 - leastLikeness)) : 0;
      known.set(other, found);
    }
    return found;
  };
  return {
    kinOf: (word) => {
      let found = kin.get(word);
      if (!found) {
        const near = marks
          .map((mark) => [`~${mark}`, likeness(word, mark)] as const)
          .filter(([, weight]) => weight > 0);
        kin.set(word, (found = near.toSorted((a, b) => b[1] - a[1]).slice(0, kinOfEach)));
      }
      return found;
    },
    shareIn: (stem, others) => {
      if (others.has(stem)) return 1;
      let most = 0;
      for (const other of others) most = Math.max(most, likeness(stem, other));
      return most;
    },
  };
}
