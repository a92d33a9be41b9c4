import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countTokens } from '../../core/tokens/qwen3.ts';
import { slowIds } from './slow-tokenizer.ts';

/** Ids by the Rust original; `make-golden.py` writes them. */
const rows = JSON.parse(readFileSync(new URL('qwen3.golden.json', import.meta.url), 'utf8')) as {
  readonly text: string;
  readonly ids: readonly number[];
}[];

test.each(rows)('tokens of $text', ({ text, ids }) => {
  expect(slowIds(text), 'ids of the library').toEqual(ids);
  expect(countTokens(text), 'our count').toBe(ids.length);
  expect(countTokens(text), 'our count from memory').toBe(ids.length);
});
