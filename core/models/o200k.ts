import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { makeBytePairs } from '../tokens/byte-pairs.ts';
import type { TokenCounter } from '../tokens/counter.ts';
import type { PairTable } from '../tokens/pair-table.ts';
import { sectionCounter } from './library-counter.ts';

/** What `--tokenizer` calls OpenAI's vocabulary, of GPT-4o and all later models. */
export const o200kName = 'o200k';

interface Encoding {
  readonly pat_str: string;
  /** Lines of `! FIRST-RANK TOKEN TOKEN …`, tokens in Base64. */
  readonly bpe_ranks: string;
}

/**
 * Counts by OpenAI's o200k: ranks and pattern of js-tiktoken, merged in n log n of a pre-token's bytes, since that library takes
 * their square. Special tokens in a text count as the plain text that OpenAI's endpoints take them for.
 */
export function o200kCounter(): TokenCounter {
  const encoding = createRequire(import.meta.url)('js-tiktoken/ranks/o200k_base') as Encoding | { default: Encoding };
  const { pat_str: pattern, bpe_ranks: ranks } = 'default' in encoding ? encoding.default : encoding;
  // In tiktoken's dialect white space is Unicode's property; JavaScript's \s adds U+FEFF and lacks U+0085.
  const preToken = new RegExp(
    pattern.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}'),
    'gu',
  );
  const ids = tokenIds(ranks);
  const bytePairs = makeBytePairs(pairTable(ids));
  const tokensOfPiece = (piece: string): number => {
    const bytes = Buffer.from(piece);
    return ids.has(bytes.toString('latin1')) ? 1 : bytePairs.ids(bytes).length;
  };
  const tokensOf = (text: string): number =>
    (text.match(preToken) ?? []).reduce((total, piece) => total + tokensOfPiece(piece), 0);
  const hash = createHash('sha256').update(pattern).update(ranks).digest('hex');
  return { ...sectionCounter(tokensOf, null), source: { tokenizer: o200kName, template: 'qwen3', hash } };
}

/** Bytes of each token, one character a byte → id, which is its rank too. */
function tokenIds(ranks: string): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  for (const line of ranks.split('\n')) {
    const [, first = '', ...tokens] = line.split(' ');
    for (const [index, token] of tokens.entries())
      ids.set(Buffer.from(token, 'base64').toString('latin1'), +first + index);
  }
  return ids;
}

/** Two tokens merge where their bytes together are a token. */
function pairTable(ids: ReadonlyMap<string, number>): PairTable {
  const tokens: string[] = [];
  for (const [token, id] of ids) tokens[id] = token;
  return {
    byteIds: Int32Array.from({ length: 256 }, (_, byte) => ids.get(String.fromCharCode(byte)) ?? -1),
    rank: (left, right) => ids.get((tokens[left] as string) + (tokens[right] as string)) ?? -1,
    mergedIds: Int32Array.from(tokens, (_, id) => id),
  };
}
