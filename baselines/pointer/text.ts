import { byStems } from './word-reading.ts';

/** Hash buckets of the embedding table. */
export const buckets = 8192;

/** A weighted bag of hashed words: what the network knows of a piece of text. Interned by its maker, never changed. */
export interface Text {
  readonly ids: Uint32Array;
  readonly weights: Float32Array;
}

/** A part of a text with the role its words play; equal words in two roles are two features. */
export interface Part {
  readonly role: string;
  readonly words: readonly string[];
  /** Relative weight, 1 unless given. */
  readonly weight?: number;
}

/** Words, their first four letters and what else they count as, hashed with their role; weights scaled so that long texts are not louder. */
export function makeText(parts: readonly Part[], reading = byStems): Text {
  const weightOf = new Map<number, number>();
  const put = (feature: string, weight: number) => {
    const id = hash(feature) & (buckets - 1);
    weightOf.set(id, (weightOf.get(id) ?? 0) + weight);
  };
  for (const { role, words, weight = 1 } of parts) {
    const scaled = weight / Math.sqrt(Math.max(1, words.length));
    for (const word of words) {
      put(`${role}:${word}`, scaled);
      if (word.length > 4) put(`${role}^${word.slice(0, 4)}`, scaled / 2);
      for (const [kin, share] of reading.kinOf(word)) put(`${role}${kin}`, scaled * share);
    }
  }
  return { ids: Uint32Array.from(weightOf.keys()), weights: Float32Array.from(weightOf.values()) };
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return (state ^ (state >>> 15)) >>> 0;
}
