import { array, assert, constantFrom, integer, jsonValue, oneof, property, string, uint8Array } from 'fast-check';
import { Buffer } from 'node:buffer';
import { expect, test } from 'vitest';
import { makeBytePairs } from '../../core/tokens/byte-pairs.ts';
import { toNfc } from '../../core/tokens/normal-text.ts';
import { makePairTable } from '../../core/tokens/pair-table.ts';
import { preTokens } from '../../core/tokens/pre-tokens.ts';
import { countTokens, countTokensInSlices, cutToTokens } from '../../core/tokens/qwen3.ts';
import { readQwen3File } from '../../core/tokens/qwen3-file.ts';
import { edgeText } from './edge-text.ts';
import { slowIds } from './slow-tokenizer.ts';

const file = readQwen3File();
const bytePairs = makeBytePairs(makePairTable(file));

const ofLetters = (letters: string) =>
  array(constantFrom(...Array.from(letters)), { minLength: 1, maxLength: 300 }).map((parts) => parts.join(''));

/** Texts as servers return them, and the ones that cost tokenizers most. */
const longPieces = oneof(
  ofLetters('的一是在不了有和人这中大为上个国我以要他日本語テキスト한국어'),
  ofLetters('👍🏽🦖🧬👩‍👧🇩🇪'),
  ofLetters('-=_.;—…*#'),
  ofLetters('กขคงจฉชซabcяжщñ'),
  ofLetters('ab'),
  ofLetters('a'),
  ofLetters(' \n\r\t\u3000\u00a0'),
  uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  jsonValue().map((value) => JSON.stringify({ type: 'object', properties: { a: value }, required: ['a'] }, null, 2)),
  string({ unit: 'binary', maxLength: 200 }),
  edgeText.map((text) => text.replaceAll('<', '')),
);

test('ids are those of the library', () => {
  assert(
    property(longPieces, (text) => {
      const ids = Array.from(preTokens(toNfc(text), file.preToken), (piece) => bytePairs.ids(Buffer.from(piece)));
      expect(ids.flat()).toEqual(slowIds(text));
    }),
    { numRuns: 600 },
  );
});

function countBySpans(bytes: Uint8Array, spanBytes: number): number {
  const steps = bytePairs.countInSteps(bytes, spanBytes);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

test('a pre-token counted by spans has the tokens of the whole, however short the spans', () => {
  assert(
    property(longPieces, integer({ min: 1, max: 80 }), (text, spanBytes) => {
      const bytes = Buffer.from(text.repeat(3));
      expect(countBySpans(bytes, spanBytes)).toBe(bytePairs.ids(bytes).length);
    }),
    { numRuns: 1_000 },
  );
});

test('beginnings of a pre-token, in any order, have the tokens that they have by themselves', () => {
  const ends = array(integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 12 });
  assert(
    property(longPieces, integer({ min: 1, max: 80 }), ends, (text, spanBytes, wanted) => {
      const bytes = Buffer.from(text.repeat(3));
      if (bytes.length === 0) return;
      const count = bytePairs.beginnings(bytes, spanBytes);
      for (const one of wanted) {
        const end = 1 + (one % bytes.length);
        expect(count(end)).toBe(bytePairs.ids(bytes.subarray(0, end)).length);
      }
    }),
    { numRuns: 600 },
  );
});

/** The cut of a text that is one pre-token, every beginning counted by itself. */
function slowCut(text: string, limit: number): string {
  const points = Array.from(text);
  let [fits, tooLong] = [0, points.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (countTokens(points.slice(0, middle).join('')) <= limit) fits = middle;
    else tooLong = middle;
  }
  return points.slice(0, fits).join('');
}

test.each(['x', '-', '-=_', 'aBcDe', '的一是在不了', '👍🏽🦖'])(
  'a long run of %s is cut where counting each beginning cuts it',
  (unit) => {
    const text = unit.repeat(30_000 / unit.length);
    for (const limit of [3, 70, 400]) expect(cutToTokens(text, limit).text).toBe(slowCut(text, limit));
  },
);

test('shortened runs give the pre-tokens of the whole pattern', () => {
  const mixed = array(oneof(longPieces, edgeText, constantFrom("'re", "''ll", ' --', 'x')), { maxLength: 4 });
  assert(
    property(mixed, integer({ min: 3, max: 12 }), (parts, mostRunLength) => {
      const text = parts.join('');
      expect([...preTokens(text, file.preToken, mostRunLength)]).toEqual(text.match(file.preToken) ?? []);
    }),
    { numRuns: 1_000 },
  );
});

test('long runs of marks come out in NFC', () => {
  const marks = ofLetters('\u0301\u0323\u0334\u0345\u0903\u0344\u05b0\u0f71\u302a\u{1d165}\u0338');
  assert(
    property(array(oneof(marks, edgeText, constantFrom('e', '<', '가', 'क')), { maxLength: 4 }), (parts) => {
      const text = parts.join('').repeat(2);
      expect(toNfc(text)).toBe(text.normalize('NFC'));
    }),
    { numRuns: 1_000 },
  );
});

/** Processor time in milliseconds of the whole process. */
function processorTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const million = 1_000_000;

test('five million letters cost at most 150 times what fifty thousand cost', () => {
  const fifty = 'x'.repeat(50_000);
  countTokens(fifty);
  const short = processorTime(() => Array.from({ length: 5 }, () => countTokens(fifty))) / 5;
  expect(processorTime(() => expect(countTokens('x'.repeat(5 * million))).toBe(625_000))).toBeLessThan(150 * short);
}, 300_000);

test.each([
  ['Chinese', '中文文本', million],
  ['emoji', '👍🏽🦖', 400_000],
  ['marks of different classes', '\u0301\u0323', million / 2],
  ['added tokens', '<think>x', million / 8],
])(
  'a long text of %s is counted and cut',
  (_, unit, times) => {
    const text = unit.repeat(times);
    const units = countTokens(unit.repeat(1_000)) / 1_000;
    const whole = countTokens(text);
    expect(Math.abs(whole / (units * times) - 1)).toBeLessThan(0.01);
    const cut = cutToTokens(text, 1_000, whole);
    expect(countTokens(cut.text) + cut.cutTokens).toBe(whole);
    expect(countTokens(cut.text)).toBeGreaterThan(990);
  },
  300_000,
);

test('other work goes on while a long text is counted, and an abort ends it', async () => {
  const text = 'x'.repeat(2 * million);
  let turns = 0;
  const others = setInterval(() => turns++, 0);
  expect(await countTokensInSlices(text)).toBe(250_000);
  clearInterval(others);
  expect(turns).toBeGreaterThan(3);
  const stop = new AbortController();
  const count = countTokensInSlices(text, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(count).rejects.toThrow('stopped');
});
