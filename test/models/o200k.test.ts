import { globSync, readFileSync } from 'node:fs';
import { Tiktoken } from 'js-tiktoken/lite';
import ranks from 'js-tiktoken/ranks/o200k_base';
import { expect, test } from 'vitest';
import { openTokenCounter } from '../../core/models/token-counter.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';

const counter = openTokenCounter('o200k');
const library = new Tiktoken(ranks);
const expected = (text: string) => library.encode(text, [], []).length;
const root = new URL('../..', import.meta.url).pathname;

test('counts as the library does: tools of real servers, prose, code, and many scripts', () => {
  const tools = toolspaceOf(['time', 'memory', 'calc']).tools.map((tool) => JSON.stringify(tool));
  const files = globSync(['docs/*.md', 'core/tokens/*.ts', 'suites/own-tasks/*.json'], { cwd: root }).map((path) =>
    readFileSync(`${root}${path}`, 'utf8'),
  );
  const texts = [
    ...tools,
    ...files,
    '',
    "HELLOWorld don’t DON'T we'Ll 1234567 \t\n\r\n  x   ",
    '中文字符串 ñandú İstanbul Приве́т नमस्ते ไทย 한국어 👩‍👩‍👧 \ud800',
    '<|endoftext|> as plain text',
    `${'='.repeat(300)}${'ab'.repeat(200)}`,
  ];
  expect(texts.length).toBeGreaterThan(40);
  for (const text of texts) expect(counter.count(text), text.slice(0, 60)).toBe(expected(text));
});

test('says what it is, and cuts within a limit', async () => {
  expect(counter.source).toMatchObject({ tokenizer: 'o200k', template: 'qwen3' });
  const text = 'one two three four '.repeat(50);
  const whole = counter.count(text);
  const { text: kept, cutTokens } = counter.cut(text, 20, whole);
  expect(text.startsWith(kept)).toBe(true);
  expect(expected(kept)).toBeLessThanOrEqual(20);
  expect(expected(kept) + cutTokens).toBe(whole);
  expect(await counter.countInSlices(text)).toBe(whole);
});

test('letters without an end are no square of work', () => {
  const step = 190_000;
  expect(counter.count('a'.repeat(step))).toBe(step / 8);
});
