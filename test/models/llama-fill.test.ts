import { describe, expect, test } from 'vitest';
import { fillIn, formOf, type Next } from '../../core/models/llama-fill.ts';
import { mostPlaces } from '../../core/models/llama-sequences.ts';
import llamaClient from '../../core/models/llama.ts';
import type { JsonObject } from '../../core/json.ts';
import { fakeModel, idsOf, textOf } from './fake-model.ts';
import { messages, sampling, signal } from './request.ts';

const object = (properties: Record<string, JsonObject>): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
const word = { enum: ['yes', 'no'] };
const number = { enum: [0, 1, 10, 12] };
const model = { tokenize: idsOf, detokenize: textOf };
const greedy = { temperature: 0, seed: 1 };

/** Probabilities of the next character by the text so far; one token per character. */
const teller = (of: (before: string) => Record<string, number>, asked: string[] = []): Next => {
  let before = '';
  return async (ids) => {
    before += textOf(ids);
    asked.push(before);
    return (id) => of(before)[textOf([id])] ?? 0;
  };
};

describe('forms', () => {
  test('are what schemas of listed values leave open', () => {
    expect(formOf(object({ t1: object({ c1: word, c2: number }), t2: object({ c1: word }) }))).toEqual({
      slots: [
        { before: '{"t1": {"c1": "', options: ['yes', 'no'] },
        { before: '", "c2": ', options: ['0', '1', '10', '12'] },
        { before: '}, "t2": {"c1": "', options: ['yes', 'no'] },
      ],
      after: '"}}',
    });
    expect(formOf(object({ c1: { type: 'string' } }))).toBeNull();
    expect(formOf({ type: 'array' })).toBeNull();
    expect(formOf(object({}))).toBeNull();
  });

  test('are filled with the likeliest, one step per choice, its probabilities told', async () => {
    const form = formOf(object({ a: word, b: word }));
    const asked: string[] = [];
    const next = teller((before) => (before.includes('"b"') ? { y: 0.2, n: 0.3, m: 0.5 } : { y: 0.9, n: 0.05 }), asked);
    const filled = await fillIn(form ?? expect.fail(), model, greedy, next);
    expect(filled.text).toBe('{"a": "yes", "b": "no"}');
    expect(filled.tokens).toBe(filled.text.length);
    expect(asked).toEqual(['{"a": "', '{"a": "yes", "b": "']);
    expect(filled.likely.map(({ text, likeliest }) => [text, likeliest.map((one) => one.text)])).toEqual([
      ['{"a": "', []],
      ['yes', ['y', 'n']],
      ['", "b": "', []],
      ['no', ['y', 'n']],
      ['"}', []],
    ]);
    expect(Math.exp(filled.likely[3]?.likeliest[0]?.logProbability ?? 0)).toBeCloseTo(0.2, 9);
  });

  test.each([
    ['ends where others go on', { '1': 0.6, '0': 0.2 }, { '0': 0.1, '2': 0.2 }, '1'],
    ['goes on', { '1': 0.6, '0': 0.2 }, { '0': 0.7, '2': 0.2 }, '10'],
    ['needs no second step', { '1': 0.2, '0': 0.6 }, {}, '0'],
  ])('an option %s', async (_title, first, second, expected) => {
    const next = teller((before) => (before.endsWith('1') ? second : first));
    const filled = await fillIn(formOf(object({ a: number })) ?? expect.fail(), model, greedy, next);
    expect(filled.text).toBe(`{"a": ${expected}}`);
  });

  test('are filled by lot at a temperature, the same with the same seed', async () => {
    const form = formOf(object({ a: word })) ?? expect.fail();
    const draw = async (seed: number) =>
      (
        await fillIn(
          form,
          model,
          { temperature: 1, seed },
          teller(() => ({ y: 0.3, n: 0.1 })),
        )
      ).text;
    const texts = await Promise.all(Array.from({ length: 400 }, (_, seed) => draw(seed)));
    expect(texts.filter((text) => text.includes('yes')).length / 400).toBeCloseTo(0.75, 1);
    expect(await draw(7)).toBe(texts[7]);
  });
});

test('the client fills in what it is given a schema for', async () => {
  const fake = fakeModel((before) => (before.endsWith('"b": "') ? 'no' : 'yes'));
  const client = llamaClient({ path: 'm.gguf', source: fake });
  const reply = await client.chat(messages, [], { ...sampling, format: object({ a: word, b: word }) }, signal);
  expect(reply).toMatchObject({ text: '{"a": "yes", "b": "no"}', finishReason: 'stop', usage: { outputTokens: 23 } });
  expect(reply.likely?.[3]?.likeliest.map(({ text }) => text)).toEqual(['y', 'n']);
  expect(fake.samplings.every(({ temperature, repeatPenalty }) => temperature === 0 && repeatPenalty === 1)).toBe(true);
  expect(reply.evaluatedTokens).toBeGreaterThan(23);
});

test('what several prompts begin with goes through the model once', async () => {
  const fake = fakeModel(() => 'yes');
  const client = llamaClient({ path: 'm.gguf', source: fake });
  const ask = async (record: string, question: string) => {
    const user = { role: 'user', content: `${record} ${question}`, common: record.length } as const;
    const given = [{ role: 'system', content: 'You judge.' } as const, user];
    return (await client.chat(given, [], { ...sampling, format: object({ a: word }) }, signal)).evaluatedTokens ?? NaN;
  };
  const record = 'a'.repeat(500);
  // so many conversations get a place of their own
  for (let place = 0; place < mostPlaces; place++) expect(await ask('b'.repeat(500), `${place}`)).toBeGreaterThan(500);
  expect(await ask(record, 'first'), 'a new record').toBeGreaterThan(500);
  expect(await ask(record, 'second'), 'the same one').toBeLessThan(100);
  expect(await ask('b'.repeat(500), 'again'), 'one from before').toBeLessThan(100);
  expect(await ask(record, 'third'), 'the other one').toBeLessThan(100);
});
