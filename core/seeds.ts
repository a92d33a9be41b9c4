import { createHash } from 'node:crypto';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A 32-bit seed from names alone (SHA-256), so that order and concurrency cannot change a number. */
export function seedOf(...names: readonly (string | number)[]): number {
  return createHash('sha256').update(names.join('\u0000')).digest().readInt32LE(0);
}

/** A stream of random numbers. One stream per purpose: a new consumer never shifts another's numbers. */
export interface RandomStream {
  /** Uniform in [0, 1), 32 bits. */
  readonly uniform: () => number;
  /** Uniform whole number in 0..count-1. */
  readonly below: (count: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
  readonly shuffle: <T>(items: readonly T[]) => T[];
}

export function randomStream(seed: number): RandomStream {
  const generator = xoroshiro128plus(mix(seed));
  // Its first numbers still show the seed.
  for (let i = 0; i < 4; i++) generator.next();
  const uniform = () => (generator.next() >>> 0) / 2 ** 32;
  const below = (count: number) => Math.floor(uniform() * count);
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('pick needs at least one item');
    return items[below(items.length)] as T;
  };
  const shuffle = <T>(items: readonly T[]): T[] => {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = below(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  };
  return { uniform, below, pick, shuffle };
}

/** Spreads near seeds apart (the finaliser of MurmurHash3, a bijection of 32 bits). */
function mix(seed: number): number {
  let word = seed ^ (seed >>> 16);
  word = Math.imul(word, 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}
