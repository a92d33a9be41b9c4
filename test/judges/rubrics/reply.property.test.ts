import {
  array,
  assert,
  constantFrom,
  dictionary,
  integer,
  jsonValue,
  oneof,
  property,
  record,
  string,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Category } from '../../../core/reward-types.ts';
import { atlasForm, rubricProblems } from '../../../judges/rubric/rubric.ts';
import { rubricIn } from '../../../judges/rubric/writing/reply.ts';
import { atlasReply } from './writer-before.ts';

const of = (text: string, finishReason = 'stop') => rubricIn({ text, finishReason }, 'atlas');
const reasonOf = (text: string, form: 'atlas' | 'free' = 'atlas') => {
  const found = rubricIn({ text, finishReason: 'stop' }, form);
  return 'cause' in found ? `${found.cause}: ${found.reason}` : 'usable';
};
const changed = (change: (reply: ReturnType<typeof atlasReply>) => void): string => {
  const reply = atlasReply();
  change(reply);
  return JSON.stringify(reply);
};
const free = (...criteria: readonly object[]): string =>
  JSON.stringify({
    criteria: criteria.map((one) => ({ category: 'task-fulfilment', description: 'It is done.', weight: 5, ...one })),
  });

describe('a reply in the paper’s form', () => {
  test('is a rubric whose ids no check of code knows', () => {
    const found = of(`<think>\nHm.\n</think>\n\`\`\`json\n${JSON.stringify(atlasReply())}\n\`\`\``);
    if ('cause' in found) throw new Error(found.reason);
    expect(rubricProblems(found)).toEqual([]);
    expect(found.criteria.map(({ id }) => id).slice(0, 6)).toEqual([
      ...[1, 2, 3, 4, 5].map((number) => `task-fulfilment-${number}`),
      'tool-appropriateness-1',
    ]);
  });

  test.each([
    ['half a list', JSON.stringify(atlasReply()).slice(0, 400), /unparseable: the reply is no JSON object/],
    [
      'prose around it',
      `Here it is: ${JSON.stringify(atlasReply())}`,
      /unparseable: the reply is no JSON object: "Here/,
    ],
    ['a list', JSON.stringify([atlasReply()]), /no JSON object/],
    ['nothing', '', /unparseable: the reply is empty/],
    ['a refusal', 'I cannot help with that.', /refused: the model declined/],
    [
      'eleven criteria',
      changed((reply) => reply['task-fulfilment'].pop()),
      /task-fulfilment must NOT have fewer than 5/,
    ],
    ['a category left out', changed((reply) => Reflect.deleteProperty(reply, 'tool-grounding')), /must have required/],
    [
      'a category of its own',
      changed((reply) => Object.assign(reply, { style: [] })),
      /additional properties: "style"/,
    ],
    ['weight 0', changed((reply) => (reply['tool-grounding'][1]!.weight = 0)), /tool-grounding 1 weight must be >= 1/],
    ['weight 1e9', changed((reply) => (reply['tool-grounding'][1]!.weight = 1e9)), /weight must be <= 10/],
    ['weight 2.5', changed((reply) => (reply['tool-grounding'][1]!.weight = 2.5)), /weight must be integer/],
    ['weight NaN', JSON.stringify(atlasReply()).replace(/"weight":5/, '"weight":NaN'), /no JSON object/],
    [
      'a weight in words',
      changed((reply) => Object.assign(reply['tool-grounding'][0]!, { weight: '5' })),
      /must be integer/,
    ],
    ['a fault', changed((reply) => (reply['tool-grounding'][1]!.weight = -3)), /weight must be >= 1/],
    [
      'something said twice',
      changed((reply) => (reply['tool-grounding'][1]!.description = ' of TOOL-grounding, number 1 holds ')),
      /tool-grounding-2 says the same as tool-grounding-1/,
    ],
    [
      'blanks',
      changed((reply) => (reply['tool-grounding'][1]!.description = ' ')),
      /tool-grounding-2 has no description/,
    ],
    [
      'light fulfilment',
      changed((reply) => reply['task-fulfilment'].forEach((one) => (one.weight = 1))),
      /not the heaviest category/,
    ],
  ])('with %s is unusable, and says why', (_, text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
  });

  test('that was cut off says so', () => {
    expect(of('{"task-fulfilment": [', 'length')).toMatchObject({ reason: expect.stringContaining('was cut off') });
  });
});

describe('a free reply', () => {
  test('has faults beside what they subtract from', () => {
    expect(reasonOf(free({}, { description: 'Something breaks.', weight: -5 }), 'free')).toBe('usable');
  });

  test.each([
    ['no criteria', free(), /criteria must NOT have fewer than 1/],
    ['weight 0', free({ weight: 0 }), /task-fulfilment-1 has weight 0, not 1 to 10/],
    ['faults alone', free({ weight: -5 }), /negative criteria alone/],
    ['an unknown category', free({ category: 'style' }), /category must be equal to one of the allowed values/],
    ['21 criteria', free(...Array.from({ length: 21 }, (_, index) => ({ description: `${index}` }))), /more than 20/],
  ])('with %s is unusable', (_, text, reason) => {
    expect(reasonOf(text, 'free')).toMatch(reason);
  });
});

describe('whatever a model writes', () => {
  const weight = oneof(integer({ min: -11, max: 11 }), constantFrom(0, 1e9, 2.5, null));
  const criterion = record({ category: constantFrom(...Object.keys(atlasForm)), description: string(), weight });
  const lists = dictionary(constantFrom(...Object.keys(atlasForm), 'x'), array(criterion, { maxLength: 6 }));
  const replies = oneof(jsonValue(), lists, record({ criteria: array(criterion, { maxLength: 22 }) }));

  test.each(['atlas', 'free'] as const)(
    'is a valid %s rubric of just what it wrote, or a cause with a reason',
    (form) => {
      assert(
        property(replies, (reply) => {
          const found = rubricIn({ text: JSON.stringify(reply), finishReason: 'stop' }, form);
          if ('cause' in found) {
            expect(found.reason).toMatch(/\w{3}/);
            return;
          }
          expect(rubricProblems(found)).toEqual([]);
          const wrote = form === 'free' ? (reply as { criteria: { weight: number }[] }).criteria : [];
          if (form === 'free') expect(found.criteria.map((one) => one.weight)).toEqual(wrote.map((one) => one.weight));
          expect(new Set(found.criteria.map(({ id }) => id)).size).toBe(found.criteria.length);
        }),
      );
    },
  );

  test('keeps every weight and description of a valid reply', () => {
    const weights = array(integer({ min: 1, max: 10 }), { minLength: 12, maxLength: 12 });
    assert(
      property(weights, (values) => {
        const left = [...values].sort((a, b) => b - a);
        const text = changed((reply) =>
          Object.values(reply).forEach((own) => own.forEach((one) => (one.weight = left.shift() ?? 1))),
        );
        const found = of(text);
        if ('cause' in found) throw new Error(found.reason);
        const written = JSON.parse(text) as ReturnType<typeof atlasReply>;
        for (const category of Object.keys(atlasForm) as Category[]) {
          const own = found.criteria.filter((one) => one.category === category);
          expect(own.map(({ description, weight }) => ({ description, weight }))).toEqual(written[category]);
        }
      }),
    );
  });
});
