import { cosine, vocabulary, wordVector } from '../../core/word-vectors/word-vectors.ts';

/** What the policy knows of a word beside its letters. */
export interface WordReading {
  /** What else a word counts as, with a weight of 0..1 each. */
  readonly kinOf: (word: string) => readonly (readonly [kin: string, weight: number])[];
  /** How far a set of stems has this one, or something like it: 0..1. */
  readonly shareIn: (stem: string, others: ReadonlySet<string>) => number;
  /** Whether a word asks to be told something; absent where only a list of words can tell. */
  readonly isAsking?: (word: string) => boolean;
}

/** Words are equal or they are not. */
export const byStems: WordReading = {
  kinOf: () => [],
  shareIn: (stem, others) => (others.has(stem) ? 1 : 0),
};

/** Likeness below this is that of any two words. */
const leastLikeness = 0.2;
/** One in so many of the frequent words, from that rank on, is a landmark; each word counts as those nearest to it. */
const landmarks = { every: 8, from: 100, count: 512 };
const kinOfEach = 4;

/** Verbs by which one asks to be told something, and how like them another must be. */
const askingVerbs = ['answer', 'reply', 'tell', 'report'];
const leastAsking = 0.56;

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
    isAsking: (word) => askingVerbs.some((verb) => verb === word || likeness(word, verb) >= leastAsking),
  };
}
