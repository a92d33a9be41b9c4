import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { readPrompt } from '../../baselines/pointer/prompt.ts';
import { findingsOf } from '../../baselines/pointer/results.ts';
import { buildArguments, optionalLeaves, requiredLeaves } from '../../baselines/pointer/schema.ts';
import { stemsOf, wordsOf } from '../../baselines/pointer/text.ts';
import type { JsonObject, Observation } from '../../core/types.ts';

const valuesOf = (prompt: string) => readPrompt(prompt).mentions.map(({ value }) => value);
const observation = (text: string): Observation => ({
  text,
  isError: false,
  source: 'results',
  server: 's',
  cutTokens: 0,
});

describe('what the prompt points at', () => {
  test.each([
    ['Write "a b" to “notes/x.txt” and ‘c’.', ['a b', 'notes/x.txt', 'c']],
    ["Don't touch Anna's file, read 'the plan'.", ['the plan']],
    ['Rename notes/old.txt to new-name.md.', ['notes/old.txt', 'new-name.md']],
    ['Tell what Otto Lindqvist earns: 12.5 or 7?', ['Otto Lindqvist', '12.5', '7']],
    ['What is 3 + 4 * (2 - 1) today', ['3 + 4 * (2 - 1)']],
  ])('%s', (prompt, expected) => {
    expect(valuesOf(prompt)).toEqual(expect.arrayContaining(expected));
  });

  test('the value after a colon is offered whole where nothing in it is quoted', () => {
    expect(valuesOf('Save this remark: the heron sleeps at noon')).toContain('the heron sleeps at noon');
  });

  test('only quoted spans must be used up, where there are any', () => {
    const { mentions, counted } = readPrompt('Put “x y” into box 7 of Otto.');
    expect(counted.map((i) => mentions[i]?.value)).toEqual(['x y']);
  });

  test('a value said twice is two mentions with contexts of their own', () => {
    const { mentions } = readPrompt('Create “Anna”. Then link “Anna” to “Otto”.');
    expect(mentions.map(({ value }) => value)).toEqual(['Anna', 'Anna', 'Otto']);
    expect(mentions[0]?.window.has('link')).toBe(false);
    expect(mentions[1]?.window.has('link')).toBe(true);
  });
});

describe('what results offer', () => {
  const prompt = readPrompt('Look up “door width” in “a.txt”.');

  test('values after a key, of which one quoted in the prompt answers it', () => {
    const found = findingsOf(observation('door height: 20\ndoor width: 30\n'), ['a.txt'], prompt);
    expect(found.find(({ value }) => value === '30')).toMatchObject({ answers: 1, key: 0, isStatus: false });
    expect(found.find(({ value }) => value === '20')?.answers).toBeLessThan(1);
  });

  test('leaves of JSON, and lines inside its strings', () => {
    const values = findingsOf(observation('{"content":"door width: 30\\nx","size":2}'), [], prompt).map(
      ({ value }) => value,
    );
    expect(values).toEqual(expect.arrayContaining(['30', '2']));
  });

  test('reports of success and echoes of the call are marked', () => {
    for (const text of ['Successfully wrote to a file', 'Stored note-seventeen in the box'])
      expect(findingsOf(observation(text), ['note-seventeen'], prompt).at(-1)?.isStatus, text).toBe(true);
  });
});

describe('what a schema asks for', () => {
  const schema: JsonObject = {
    type: 'object',
    properties: {
      list: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string' },
            tags: { type: 'array', items: { type: 'string' } },
            spare: { type: 'string' },
          },
          required: ['name', 'tags'],
        },
      },
      level: { anyOf: [{ type: 'null' }, { type: 'integer', minimum: 2 }] },
      mode: { type: 'string', enum: ['a', 'b'] },
      flag: { type: 'boolean' },
      note: { type: 'string' },
    },
    required: ['list', 'level', 'flag'],
    additionalProperties: false,
  };

  test('every required leaf, arrays with one element, and arguments that the schema accepts', () => {
    const leaves = requiredLeaves(schema);
    expect(leaves.map(({ path }) => path.join('.'))).toEqual(['list.0.name', 'list.0.tags.0', 'level', 'flag']);
    const args = buildArguments(leaves, ['n', 't', 3, true]);
    expect(args).toEqual({ list: [{ name: 'n', tags: ['t'] }], level: 3, flag: true });
    expect(new Ajv2020({ strict: false }).validate(schema, args)).toBe(true);
  });

  test('optional properties of one value; those left out are absent, not null', () => {
    const leaves = optionalLeaves(schema);
    expect(leaves.map(({ name, values }) => [name, values])).toEqual([
      ['mode', ['a', 'b']],
      ['note', []],
    ]);
    expect(buildArguments(leaves, [undefined, 'x'])).toEqual({ note: 'x' });
  });
});

test('words of names in every spelling meet their inflections', () => {
  expect(wordsOf('createEntities fast_read_file')).toEqual(['create', 'entities', 'fast', 'read', 'file']);
  expect(stemsOf('creates created creating create')).toEqual(['creat', 'creat', 'creat', 'creat']);
  expect(stemsOf('entities entity')).toEqual(['entity', 'entity']);
});
