import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import words from './words.json' with { type: 'json' };

/** The three pools of content. The other splits test on `test`. */
export type Content = 'train' | 'validation' | 'test';
export type WordKind = keyof typeof words;

/** Draws content for one task from one pool; no text that it returns comes twice. */
export interface Draw extends Pick<RandomStream, 'below' | 'pick' | 'shuffle'> {
  readonly content: Content;
  readonly word: (kind: WordKind) => string;
  /** `amber-anchor` */
  readonly name: () => string;
  /** `amber anchor` */
  readonly title: () => string;
  /** `Ada Abbott` */
  readonly person: () => string;
  /** `the amber anchor guards the library` */
  readonly sentence: () => string;
  /** A whole number from `least` to below `end`, whose digits belong to the pool: wide ranges only. */
  readonly number: (least: number, end: number) => number;
}

export function drawFrom(content: Content, seed: number): Draw {
  const stream = randomStream(seed);
  const used = new Set<string>();
  const fresh = (make: () => string): string => {
    for (;;) {
      const text = make();
      if (used.has(text)) continue;
      used.add(text);
      return text;
    }
  };
  const any = (kind: WordKind) => stream.pick(pools[content].get(kind) ?? []);
  return {
    ...stream,
    content,
    word: (kind) => fresh(() => any(kind)),
    name: () => fresh(() => `${any('adjectives')}-${any('nouns')}`),
    title: () => fresh(() => `${any('adjectives')} ${any('nouns')}`),
    person: () => fresh(() => `${any('givenNames')} ${any('familyNames')}`),
    sentence: () => fresh(() => `the ${any('adjectives')} ${any('nouns')} ${any('verbs')} the ${any('places')}`),
    number: (least, end) =>
      Number(
        fresh(() => {
          for (;;) {
            const text = `${least + stream.below(end - least)}`;
            if (contentOf(text) === content) return text;
          }
        }),
      ),
  };
}

/**
 * The pool that owns a text, by its hash: for content that is not made of pool words. Shares as below.
 */
export function contentOf(text: string): Content {
  const place = (seedOf('content', text) >>> 0) / 2 ** 32;
  return place < shares.train ? 'train' : place < shares.train + shares.validation ? 'validation' : 'test';
}

const shares = { train: 0.6, validation: 0.2 };

/** Every kind of word cut into the three pools, in an order by hash, so that a new word moves few others. */
const pools: Readonly<Record<Content, ReadonlyMap<WordKind, readonly string[]>>> = {
  train: new Map(),
  validation: new Map(),
  test: new Map(),
};

for (const [kind, list] of Object.entries(words) as [WordKind, string[]][]) {
  const order = list.toSorted((a, b) => seedOf('word', kind, a) - seedOf('word', kind, b));
  const first = Math.round(order.length * shares.train);
  const second = Math.round(order.length * (shares.train + shares.validation));
  const parts = { train: order.slice(0, first), validation: order.slice(first, second), test: order.slice(second) };
  for (const content of ['train', 'validation', 'test'] as const)
    (pools[content] as Map<WordKind, readonly string[]>).set(kind, parts[content]);
}
