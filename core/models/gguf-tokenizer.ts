import { UsageError } from '../errors.ts';
import type { Metadata, MetadataValue } from './gguf-metadata.ts';
import type { TokenizerFiles } from './library-counter.ts';

/** What a GGUF file says of its tokenizer, in the form of Hugging Face's files, and its template. */
export interface GgufTokenizer extends TokenizerFiles {
  readonly chatTemplate: string | null;
  readonly begin: string | null;
  readonly end: string | null;
  /** A server puts the beginning of the sequence in front of a prompt that lacks it. */
  readonly addsBegin: boolean;
}

const key = (name: string): string => `tokenizer.ggml.${name}`;
/** Kinds of tokens that are found in a text before anything else is done to it. */
const [unknown, control, userDefined] = [2, 3, 4];

/** Throws `UsageError` where the file's tokenizer is of a kind that is not known here. */
export function ggufTokenizer({ values }: Metadata, path: string): GgufTokenizer {
  const tokens = texts(values.get(key('tokens')));
  const types = numbers(values.get(key('token_type')));
  const model = values.get(key('model'));
  const cure = 'Give the folder with the model’s tokenizer.json and tokenizer_config.json instead.';
  if (tokens.length === 0) throw new UsageError(`${path} holds no tokenizer. ${cure}`);
  const added = tokens.flatMap((content, id) => {
    const isAdded = types[id] === control || types[id] === userDefined;
    return isAdded ? [{ id, content, special: types[id] === control, normalized: false }] : [];
  });
  const shared = { version: '1.0', added_tokens: added, post_processor: null };
  const textOf = (name: string): string | null => {
    const id = values.get(key(name));
    return typeof id === 'number' ? (tokens[id] ?? null) : null;
  };
  const template = values.get('tokenizer.chat_template');
  const told = {
    config: {},
    chatTemplate: typeof template === 'string' ? template : null,
    begin: textOf('bos_token_id'),
    end: textOf('eos_token_id'),
  };
  const addsBegin = values.get(key('add_bos_token'));
  if (model === 'gpt2') {
    const pre = values.get(key('pre'));
    const division = divisions.find(({ names }) => names.includes(String(pre)));
    if (division === undefined) {
      throw new UsageError(`${path} divides texts by the rule "${String(pre)}", which is not known here. ${cure}`);
    }
    const merges = texts(values.get(key('merges')));
    return { ...told, addsBegin: addsBegin === true, tokenizer: { ...shared, ...byteLevel(tokens, merges, division) } };
  }
  if (model === 'llama') {
    const scores = numbers(values.get(key('scores')));
    const addsSpace = values.get(key('add_space_prefix')) !== false;
    const parts = sentencePieces(tokens, scores, types, addsSpace);
    return { ...told, addsBegin: addsBegin !== false, tokenizer: { ...shared, ...parts } };
  }
  throw new UsageError(`${path} has a tokenizer of the kind "${String(model)}", which is not known here. ${cure}`);
}

const texts = (value: MetadataValue | undefined): string[] =>
  Array.isArray(value) ? value.map((one: MetadataValue) => String(one)) : [];
const numbers = (value: MetadataValue | undefined): number[] =>
  Array.isArray(value) ? value.map((one: MetadataValue) => Number(one)) : [];

/* ---- byte-level byte-pair encoding ---- */

const contractions = `(?i:'s|'t|'re|'ve|'m|'ll|'d)`;
const rest = String.raw` ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const words = String.raw`[^\r\n\p{L}\p{N}]?\p{L}+`;
const upper = String.raw`[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`;
const lower = String.raw`[\p{Ll}\p{Lm}\p{Lo}\p{M}]`;
const cased = (after: string): string =>
  String.raw`[^\r\n\p{L}\p{N}]?${upper}*${lower}+${after}|[^\r\n\p{L}\p{N}]?${upper}+${lower}*${after}`;
const slashed = String.raw` ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const gpt2 = String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`;

/** By what texts are divided before anything is merged, and the names that llama.cpp has for them. */
interface Division {
  readonly names: readonly string[];
  readonly steps: readonly string[];
  /** A part of the text that is a token whole is not merged. */
  readonly keepsWhole?: true;
}

const divisions: readonly Division[] = [
  { names: ['gpt-2', 'phi-2', 'olmo', 'mpt', 'gigachat', 'modern-bert'], steps: [gpt2] },
  {
    names: ['smollm', 'starcoder', 'refact', 'command-r', 'codeshell', 'exaone', 'granite-docling'],
    steps: [String.raw`\p{N}`, gpt2],
  },
  {
    names: ['llama-bpe', 'llama3', 'llama-v3', 'falcon3', 'falcon-h1', 'pixtral', 'lfm2', 'dbrx', 'smaug-bpe'],
    steps: [`${contractions}|${words}|${String.raw`\p{N}{1,3}`}|${rest}`],
    keepsWhole: true,
  },
  {
    names: ['qwen2', 'deepseek-r1-qwen', 'megrez', 'stablelm2', 'hunyuan'],
    steps: [`${contractions}|${words}|${String.raw`\p{N}`}|${rest}`],
  },
  { names: ['tekken'], steps: [`${cased('')}|${String.raw`\p{N}`}|${slashed}`], keepsWhole: true },
  {
    names: ['gpt-4o', 'llama4', 'kanana2'],
    steps: [`${cased(`${contractions}?`)}|${String.raw`\p{N}{1,3}`}|${slashed}`],
  },
];

function byteLevel(tokens: readonly string[], merges: readonly string[], { steps, keepsWhole }: Division): object {
  const splits = steps.map((Regex) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false }));
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  return {
    normalizer: null,
    pre_tokenizer: { type: 'Sequence', pretokenizers: [...splits, bytes] },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      vocab: vocabularyOf(tokens),
      merges: merges.map((merge) => pairIn(merge)),
      ignore_merges: keepsWhole === true,
    },
  };
}

/** A space divides the two sides; a side may begin with none, since bytes have letters of their own. */
function pairIn(merge: string): [string, string] {
  const space = merge.indexOf(' ', 1);
  return [merge.slice(0, space), merge.slice(space + 1)];
}

const vocabularyOf = (tokens: readonly string[]): Record<string, number> =>
  Object.fromEntries(tokens.map((token, id) => [token, id]));

/* ---- SentencePiece ---- */

/**
 * SentencePiece joins the neighbours whose joint piece has the highest score. As merges: every way to make a piece of two
 * others, in the order of the pieces' scores.
 */
function sentencePieces(
  tokens: readonly string[],
  scores: readonly number[],
  types: readonly number[],
  addsSpace: boolean,
): object {
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges = tokens.flatMap((token, id) => {
    if (types[id] !== undefined && types[id] !== 1) return [];
    const points = Array.from(token);
    const ways: { readonly score: number; readonly pair: [string, string]; readonly order: number }[] = [];
    for (let cut = 1; cut < points.length; cut++) {
      const [left, right] = [points.slice(0, cut).join(''), points.slice(cut).join('')];
      const [leftId, rightId] = [ids.get(left), ids.get(right)];
      if (leftId === undefined || rightId === undefined) continue;
      ways.push({ score: scores[id] ?? 0, pair: [left, right], order: leftId * tokens.length + rightId });
    }
    return ways.toSorted((a, b) => a.order - b.order);
  });
  const unknownToken = tokens.find((_, id) => types[id] === unknown) ?? '<unk>';
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };
  return {
    normalizer: { type: 'Sequence', normalizers: [...(addsSpace ? [{ type: 'Prepend', prepend: '▁' }] : []), replace] },
    pre_tokenizer: null,
    decoder: { type: 'ByteFallback' },
    model: {
      type: 'BPE',
      vocab: vocabularyOf(tokens),
      merges: merges.toSorted((a, b) => b.score - a.score).map(({ pair }) => pair),
      unk_token: unknownToken,
      fuse_unk: true,
      byte_fallback: true,
    },
  };
}
