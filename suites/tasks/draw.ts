import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import words from './words.json' with { type: 'json' };

/** The three pools of content. The other splits test on `test`. */
export type Content = 'train' | 'validation' | 'test';
export type WordKind = keyof typeof words;

/** Draws content for one task from one pool; no text that it returns comes twice. Where none is left it throws an Error. */
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

/** Draws in a row that give nothing new, after which a pool counts as empty: one that has a thousandth left is never missed so often. */
const mostTries = 20_000;

/** `family`: who draws, for the error. */
export function drawFrom(content: Content, seed: number, family: string): Draw {
  const stream = randomStream(seed);
  const used = new Set<string>();
  const fresh = (kind: string, make: () => string, isOfPool?: (text: string) => boolean): string => {
    for (let tries = 0; tries < mostTries; tries++) {
      const text = make();
      if (used.has(text) || isOfPool?.(text) === false) continue;
      used.add(text);
      return text;
    }
    throw new Error(
      `The family ${family} draws more ${kind} for one task than the pool ${content} has. Draw fewer, or make the pool ` +
        'larger: words stand in suites/tasks/words.json, and the range of numbers in the family.',
    );
  };
  const any = (kind: WordKind) => stream.pick(pools[content].get(kind) ?? []);
  return {
    ...stream,
    content,
    word: (kind) => fresh(kind, () => any(kind)),
    name: () => fresh('names', () => `${any('adjectives')}-${any('nouns')}`),
    title: () => fresh('titles', () => `${any('adjectives')} ${any('nouns')}`),
    person: () => fresh('persons', () => `${any('givenNames')} ${any('familyNames')}`),
    sentence: () =>
      fresh('sentences', () => `the ${any('adjectives')} ${any('nouns')} ${any('verbs')} the ${any('places')}`),
    number: (least, end) =>
      Number(
        fresh(
          `numbers from ${least} to below ${end}`,
          () => `${least + stream.below(end - least)}`,
          (text) => contentOf(text) === content,
        ),
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
