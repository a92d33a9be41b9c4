import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { readPrompt } from '../../baselines/pointer/prompt.ts';
import { findingsOf } from '../../baselines/pointer/results.ts';
import { buildArguments, optionalLeaves, requiredLeaves } from '../../baselines/pointer/schema.ts';
import { stemsOf, wordsOf } from '../../core/words.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Observation } from '../../core/types.ts';

const valuesOf = (prompt: string) => readPrompt(prompt).mentions.map(({ value }) => value);
const stemsAsked = (prompt: string) => [...(readPrompt(prompt).answerClause?.stems ?? [])];
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

describe('where the prompt asks to be told something', () => {
  test('the words of that clause, spans left out', () => {
    expect(stemsAsked('Open the sheet “a”. Report what "b c" has under "fee", please. Nothing else.')).toEqual(
      stemsOf('Report what has under please'),
    );
    expect(stemsAsked('Find the task “x”, then give its name as your answer')).toEqual(
      stemsOf('give its name as your answer'),
    );
  });

  test.each([
    'Find it: give me its “size”.',
    'Look into “a”; then finish with the number.',
    'Open “a”. How many lines has it?',
    'Which of them is the longest?',
  ])('in other words too: %s', (prompt) => {
    expect(readPrompt(prompt).answerClause).not.toBe(null);
  });

  test.each([
    'Could you write down how many there are in “a”?',
    'Let “a” say “b”.',
    'Create “the answer”.',
    'Put “a” into the file “b”, then list the folder.',
  ])('nowhere: %s', (prompt) => {
    expect(readPrompt(prompt).answerClause).toBe(null);
  });

  test('whether several values are wanted', () => {
    expect(readPrompt('Look around and answer with every value, one a line.').answerClause?.wantsSeveral).toBe(true);
    expect(readPrompt('Read every file, then answer with its size.').answerClause?.wantsSeveral).toBe(false);
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

  test('cells of a table under the names of its first row, beside a value of the prompt or not', () => {
    const rows = [
      ['name', 'door width'],
      ['a.txt', '30'],
      ['b.txt', '40'],
    ];
    const cells = rows.map((row) => `<tr><th>1</th>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
    const found = findingsOf(observation(`<table>\n${cells.join('\n')}\n</table>`), [], prompt);
    expect(found.map(({ name, value, answers, isBesideMention }) => [name, value, answers, isBesideMention])).toEqual([
      ['name', 'a.txt', 0, false],
      ['door width', '30', 1, true],
      ['name', 'b.txt', 0, false],
      ['door width', '40', 1, false],
    ]);
  });

  test('the file in which a search found a line, and the line without its place', () => {
    const found = findingsOf(observation('notes/b.txt:12:door width: 30\n7:size: 9'), [], prompt);
    expect(found.map(({ name, value }) => [name, value])).toEqual([
      ['', 'notes/b.txt'],
      ['door width', '30'],
      ['', 'door width: 30'],
      ['size', '9'],
      ['', 'size: 9'],
    ]);
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
