import { readFileSync } from 'node:fs';
import { array, assert, constantFrom, integer, nat, property, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { TextTest } from '../../core/goal-types.ts';
import { passes } from '../../judges/truth/text-test.ts';

interface Row {
  readonly ask: TextTest;
  readonly right?: readonly string[];
  readonly wrong?: readonly string[];
}

const rows = parse(readFileSync(new URL('./answers-as-written.yaml', import.meta.url), 'utf8')) as readonly Row[];
const pairs = rows.flatMap(({ ask, right = [], wrong = [] }) => [
  ...right.map((answer) => ({ ask, answer, isRight: true })),
  ...wrong.map((answer) => ({ ask, answer, isRight: false })),
]);

describe('answers as people write them', () => {
  test('the table is large enough to decide, and no answer stands in it for right and wrong', () => {
    expect(pairs.length).toBeGreaterThanOrEqual(120);
    expect(pairs.filter(({ isRight }) => !isRight).length / pairs.length).toBeGreaterThanOrEqual(0.4);
    expect(new Set(pairs.map(({ ask, answer }) => JSON.stringify([ask, answer]))).size).toBe(pairs.length);
  });

  test.each(pairs.map((one) => [JSON.stringify(one.ask), JSON.stringify(one.answer), one] as const))(
    '%s: %s',
    (_ask, _answer, { ask, answer, isRight }) => {
      expect(passes(ask, answer)).toBe(isRight);
    },
  );
});

/** What people put around a whole answer. */
const decorations: readonly ((answer: string) => string)[] = [
  (one) => `**${one}**`,
  (one) => `*${one}*`,
  (one) => `\`${one}\``,
  (one) => `“${one}”`,
  (one) => `"${one}"`,
  (one) => `  ${one}\r\n`,
  (one) => `\`\`\`text\n${one}\n\`\`\``,
  (one) => `The answer is ${one}`,
  (one) => `**Answer:** ${one}`,
  (one) => `Final answer:\n\n${one}`,
  (one) => `<answer>${one}</answer>`,
  (one) => JSON.stringify({ answer: one }),
  (one) => `✅ ${one}`,
  (one) => `• ${one}`,
  (one) => `\uFEFF${one}\u200B`,
];
/** The first goes on first; the same mark twice over would be another mark. */
const decorated = (answer: string, kinds: readonly number[]) =>
  kinds.reduce((text, kind) => {
    const wrap = decorations[kind] ?? String;
    const mark = /[*`"“<✅•]|answer/i.exec(wrap(''))?.[0] ?? ' ';
    return text.includes(mark) ? text : wrap(text);
  }, answer);
const kinds = array(nat(decorations.length - 1), { maxLength: 3 });

const writtenForms: readonly ((value: number) => string)[] = [
  String,
  (value) => value.toLocaleString('en-US'),
  (value) => value.toLocaleString('en-US').replaceAll(',', '\u202F'),
  (value) => `${value.toLocaleString('en-US')}.00`,
  (value) => `${value.toLocaleString('de-DE')},0`,
  (value) => String(value).replace('-', '−'),
  (value) => `${value} carrots`,
  (value) => `${value.toLocaleString('en-US')} km`,
  (value) => `${value} %`,
];
const writtenForm = constantFrom(...writtenForms);

const otherDigit = (text: string, place: number, step: number): string => {
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
  const at = places[place % places.length] ?? 0;
  return text.slice(0, at) + String((Number(text[at]) + step) % 10) + text.slice(at + 1);
};

describe('a right answer', () => {
  test('stays right in whatever it is wrapped: numbers', () => {
    assert(
      property(integer({ min: -2_000_000, max: 2_000_000 }), writtenForm, kinds, (value, write, around) => {
        expect(passes({ number: value, tolerance: 0 }, decorated(write(value), around))).toBe(true);
      }),
    );
  });

  test('stays right in whatever it is wrapped: words and codes', () => {
    assert(
      property(stringMatching(/^[A-Za-z]{2,8}( [a-zé]{2,8}){0,2}(-[1-9]{1,3})?$/), kinds, (value, around) => {
        expect(passes({ equals: value }, decorated(value, around))).toBe(true);
        expect(passes({ contains: value }, `I looked it up: ${decorated(value, around)}`)).toBe(true);
      }),
    );
  });

  test('is wrong once a digit is another', () => {
    assert(
      property(
        integer({ min: -2_000_000, max: 2_000_000 }),
        writtenForm,
        kinds,
        nat(6),
        integer({ min: 1, max: 9 }),
        (value, write, around, place, step) => {
          const changed = otherDigit(String(value), place, step);
          const answer = decorated(write(Number(changed)), around);
          // −0 and 0 are one number
          const isOther = Number(changed) !== value;
          for (const strictness of ['normal', 'lenient'] as const)
            expect(passes({ number: value, tolerance: 0, strictness }, answer)).toBe(!isOther);
          expect(passes({ contains: String(value) }, `The count is ${answer} in all.`) && isOther).toBe(false);
        },
      ),
    );
  });

  test('is wrong once a digit of a code is another', () => {
    const code = stringMatching(/^[A-Z][0-9]{1,3}-[0-9]{1,4}$/);
    assert(
      property(code, kinds, nat(6), integer({ min: 1, max: 9 }), (value, around, place, step) => {
        const answer = decorated(otherDigit(value, place, step), around);
        for (const strictness of ['exact', 'normal', 'lenient'] as const) {
          expect(passes({ equals: value, strictness }, answer)).toBe(false);
          expect(passes({ contains: value, strictness }, answer)).toBe(false);
        }
      }),
    );
  });

  test('that passes exactly passes in normal and lenient reading, but for parts of words and numbers', () => {
    assert(
      property(stringMatching(/^[\w *.,"-]{1,12}$/), stringMatching(/^[\w *.,"-]{1,12}$/), (wanted, answer) => {
        for (const ask of [{ equals: wanted }, { items: wanted.split(',') }])
          if (passes({ ...ask, strictness: 'exact' }, answer))
            for (const strictness of ['normal', 'lenient'] as const)
              expect(passes({ ...ask, strictness }, answer)).toBe(true);
        expect(passes({ equals: wanted }, wanted)).toBe(true);
      }),
    );
  });
});
