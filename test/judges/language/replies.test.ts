import { readFileSync } from 'node:fs';
import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { outcomesOf } from '../../../judges/language/answer.ts';
import type { Question } from '../../../judges/language/question.ts';

const two: Question = { records: ['R'], criteria: ['"a"', '"b"'], scale: 'yes-no', isGroup: false };
const questions: Readonly<Record<string, Question>> = {
  two,
  ten: { ...two, scale: 'ten' },
  one: { ...two, criteria: ['"a"'] },
  'one-ten': { ...two, criteria: ['"a"'], scale: 'ten' },
  group: { records: ['R', 'S'], criteria: ['"a"'], scale: 'ten', isGroup: true },
};

interface Row {
  readonly ask?: string;
  readonly reply: string;
  readonly scores: readonly (number | null)[];
}
const rows = parse(readFileSync(new URL('./replies.yaml', import.meta.url), 'utf8')) as readonly Row[];

const read = (text: string, question: Question) => outcomesOf({ text, finishReason: 'stop' }, question).flat();
const scores = (text: string, question: Question) =>
  read(text, question).map((one) => ('score' in one ? one.score : one.cause === 'unparseable' ? null : one.cause));

describe('replies of judges', () => {
  test('the table is large enough to decide', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(rows.filter((row) => row.scores.includes(null)).length).toBeGreaterThanOrEqual(30);
  });

  test.each(rows.map((row) => [row.ask ?? 'two', JSON.stringify(row.reply), row] as const))('%s: %s', (ask, _, row) => {
    expect(scores(row.reply, questions[ask] ?? two)).toEqual(row.scores);
  });

  test('what stands around the object changes nothing', () => {
    const around = constantFrom<(object: string) => string>(
      (one) => `\`\`\`json\n${one}\n\`\`\``,
      (one) => `Here it is:\n\n${one}\n\nI hope this helps.`,
      (one) => `<think>Hm, {"c1": "no"}?</think>${one}`,
      (one) => `[${one}]`,
      (one) => `{"result": ${one}}`,
      (one) => one.replace('}', ',}'),
      (one) => one.replaceAll('"', "'"),
    );
    const word = constantFrom('yes', 'no');
    assert(
      property(word, word, around, (first, second, wrap) => {
        const wanted = [first, second].map((one) => (one === 'yes' ? 1 : 0));
        expect(scores(wrap(`{"c1": "${first}", "c2": "${second}"}`), two)).toEqual(wanted);
      }),
    );
  });

  test('whatever comes, a score is in 0..1 and a reason is there otherwise', () => {
    const parts = constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"c1"',
      ': ',
      '"yes"',
      ', ',
      '7',
      '"',
      "'",
      'c2',
      '*a',
      '&a',
      '/*',
      '```',
    );
    assert(
      property(constantFrom(...Object.values(questions)), string({ unit: parts, maxLength: 24 }), (question, text) => {
        for (const one of read(text, question))
          if ('score' in one) expect(one.score >= 0 && one.score <= 1).toBe(true);
          else expect(one.reason).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });
});
