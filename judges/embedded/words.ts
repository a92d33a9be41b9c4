import { frameOf } from './mentions.ts';

/** Hash buckets of the embedding table. */
export const buckets = 2048;

/** A weighted bag of hashed words. */
export interface WordBag {
  readonly ids: Uint32Array;
  readonly weights: Float32Array;
}

/** Words, pairs of neighbours and beginnings of what a criterion asks, without what is particular to its task. */
export function wordBag(text: string, isKept: (index: number) => boolean = () => true): WordBag {
  const words = (
    frameOf(text)
      .toLowerCase()
      .match(/\p{L}+|\d+/gu) ?? []
  ).filter((_, index) => isKept(index));
  const features = words.flatMap((word, index) => {
    const pair = index === 0 ? [] : [`${words[index - 1]} ${word}`];
    return word.length > 4 ? [word, `^${word.slice(0, 4)}`, ...pair] : [word, ...pair];
  });
  const weightOf = new Map<number, number>();
  const scale = 1 / Math.sqrt(Math.max(1, features.length));
  for (const feature of features) {
    const id = hash(feature) & (buckets - 1);
    weightOf.set(id, (weightOf.get(id) ?? 0) + scale);
  }
  return { ids: Uint32Array.from(weightOf.keys()), weights: Float32Array.from(weightOf.values()) };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return (state ^ (state >>> 15)) >>> 0;
}
