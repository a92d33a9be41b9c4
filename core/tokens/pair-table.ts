import type { Qwen3File } from './qwen3-file.ts';

/** Byte-pair merges by the ids of their sides. */
export interface PairTable {
  /** Id of a byte's own token. */
  readonly byteIds: Int32Array;
  /** Rank of a merge, the lowest first to be done; -1 where the two do not merge. */
  readonly rank: (left: number, right: number) => number;
  /** Id of the token that the merge of a rank makes. */
  readonly mergedIds: Int32Array;
}

/** About three times as many slots as merges, so that most look-ups end at the first. */
const slotBits = 19;

export function makePairTable({ vocabulary, merges }: Pick<Qwen3File, 'vocabulary' | 'merges'>): PairTable {
  const idOf = (token: string): number => {
    const id = vocabulary[token];
    if (id === undefined) throw new Error(`the Qwen3 tokenizer file lacks the token ${JSON.stringify(token)}`);
    return id;
  };
  const mask = 2 ** slotBits - 1;
  // Open addressing in flat arrays: a look-up is made for every pair of every text.
  const lefts = new Int32Array(mask + 1);
  const rights = new Int32Array(mask + 1);
  const ranks = new Int32Array(mask + 1).fill(-1);
  const slotOf = (left: number, right: number): number => {
    let slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b)) >>> (32 - slotBits);
    while (ranks[slot] !== -1 && (lefts[slot] !== left || rights[slot] !== right)) slot = (slot + 1) & mask;
    return slot;
  };
  const mergedIds = new Int32Array(merges.length);
  for (const [rank, [left, right]] of merges.entries()) {
    const slot = slotOf(idOf(left), idOf(right));
    lefts[slot] = idOf(left);
    rights[slot] = idOf(right);
    ranks[slot] = rank;
    mergedIds[rank] = idOf(left + right);
  }
  return {
    byteIds: Int32Array.from(byteAlphabet(), idOf),
    rank: (left, right) => ranks[slotOf(left, right)] ?? -1,
    mergedIds,
  };
}

/** The byte-level alphabet of GPT-2: printable Latin-1 bytes stand for themselves, the others from U+0100 on. */
function byteAlphabet(): string[] {
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
    return String.fromCharCode(isPrintable ? byte : 256 + others++);
  });
}
