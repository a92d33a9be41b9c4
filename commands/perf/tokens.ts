import { Tokenizer } from '@huggingface/tokenizers';
import { Buffer } from 'node:buffer';
import { milliseconds, type PerfGroup } from './measure.ts';
import { randomStream, type RandomStream } from '../../core/seeds.ts';
import { countTokens } from '../../core/tokens/qwen3.ts';
import { readQwen3Json } from '../../core/tokens/qwen3-file.ts';

const textsPerRound = 60;
const itemsPerText = 24;
const vocabulary = 1500;
const consonants = 'b d f g k l m n p r s t v z'.split(' ');
const vowels = 'a e i o u'.split(' ');

/** Tokens counted, beside the library's encoder over the same whole texts. No text comes twice, its words do. */
export const tokenPerf: PerfGroup = {
  name: 'tokens',
  open: async () => {
    const stream = randomStream(1);
    const words = Array.from({ length: vocabulary }, () => word(stream));
    const encodeWhole = libraryCount();
    const texts = () => Array.from({ length: textsPerRound }, () => toolResult(stream, words));
    const side = (name: string, count: (text: string) => number) => ({
      name,
      sample: async () => {
        const fresh = texts();
        const megabytes = fresh.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
        return (1000 * megabytes) / (await milliseconds(() => fresh.forEach(count), 1));
      },
    });
    return {
      comparisons: [
        {
          what: 'tokens of tool results counted',
          unit: 'MB/s',
          ours: side('by pre-token', countTokens),
          yardstick: side('whole library', encodeWhole),
        },
      ],
      close: async () => undefined,
    };
  },
};

/** The count by the library alone, over the whole text. */
function libraryCount(): (text: string) => number {
  const tokenizer = new Tokenizer(readQwen3Json(), {});
  return (text) => tokenizer.encode(text, { add_special_tokens: false }).ids.length;
}

/** Two to four syllables. */
function word({ below, pick }: RandomStream): string {
  const syllable = () => pick(consonants) + pick(vowels);
  return Array.from({ length: 2 + below(3) }, syllable).join('');
}

function toolResult({ below, pick }: RandomStream, words: readonly string[]): string {
  const items = Array.from({ length: itemsPerText }, (_, number) => ({
    name: `${pick(words)}-${number}`,
    size: below(10_000),
    note: Array.from({ length: 8 }, () => pick(words)).join(' '),
  }));
  return JSON.stringify({ items }, null, 2);
}
