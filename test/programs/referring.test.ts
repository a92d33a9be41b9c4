import { readFileSync } from 'node:fs';
import { array, assert, asyncProperty, constantFrom, json, oneof, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import { referredValue } from '../../baselines/programs/referred-value.ts';
import { returnedResults, returnedValues, returningProgram } from '../../baselines/programs/returning-program.ts';
import { referenceCodeOr } from '../../baselines/programs/value-code.ts';
import type { Json } from '../../core/json.ts';
import type { Reference, ResultStep } from '../../core/plan.ts';
import type { Observation, World } from '../../core/types.ts';
import { played, program, world } from './two-servers.ts';

const visible = { servers: [], inProgram: (server: string) => server.replaceAll('-', '_') };
const call = (tool: string, text: string | null, server = 'notes') => ({ server, tool, arguments: { text } });
const takes = (place: number, from: number, at: readonly ResultStep[] = [], pattern?: string): Reference => ({
  call: place,
  argument: ['text'],
  from,
  at,
  before: '',
  ...(pattern === undefined ? {} : { pattern }),
});

/** What each call brings, and the texts with which tools were called. */
async function returned(
  calls: readonly ReturnType<typeof call>[],
  references: readonly Reference[],
  answer?: World['call'],
) {
  const { turns } = await played(
    [program(returningProgram(calls, visible, references))],
    answer ? { call: answer } : {},
  );
  const made = turns[0]?.calls ?? [];
  const observation = made.at(-1)?.observation as Observation;
  const given = made
    .slice(0, -1)
    .map(({ action }) => (action.arguments['arguments'] as { readonly text?: Json } | undefined)?.text);
  return {
    given,
    results: returnedResults(observation, calls.length),
    values: returnedValues(observation, calls.length),
  };
}

const linesAndLists: World['call'] = async (_, tool, { text }) =>
  tool === 'read'
    ? { text: `color: blue\nowner of (it): Ada and ${text as string}`, isError: false }
    : world.call(_, 'read', { text: text as Json });

test('a call takes what earlier calls brought: a part, a line, or all of it', async () => {
  const calls = [call('read', 'a'), call('add-note', null), call('send', null, 'far-away'), call('add-note', null)];
  const references = [
    takes(1, 0, [], String.raw`^owner of \(it\): (.*)$`),
    takes(2, 1, ['lines', { item: 0, of: 1 }]),
    takes(3, 0),
  ];
  const { given, results } = await returned(calls, references, linesAndLists);
  expect(given).toEqual(['a', 'Ada and a', 'Ada and a', 'color: blue\nowner of (it): Ada and a']);
  expect(results.map(({ isError }) => isError)).toEqual([false, false, false, false]);
});

test('a call that takes from one that failed fails with its words, and is not made; others are', async () => {
  const calls = [call('fail', 'b'), call('send', null, 'far-away'), call('add-note', 'c')];
  const { given, results, values } = await returned(calls, [takes(1, 0)]);
  expect(given).toEqual(['b', 'c']);
  expect(results).toEqual([
    { text: 'Error: no such note', isError: true },
    { text: 'Error: no such note', isError: true },
    { text: 'Noted: c', isError: false },
  ]);
  expect(values).toEqual(['Error: no such note', 'Error: no such note', 'Noted: c']);
});

test.each([
  ['a line that is not there', takes(1, 0, ['lines', { item: 0, of: 1 }], '^color: (.*)$'), /^Error: what it takes/],
  ['an item that is not there', takes(1, 0, ['lines', { item: 7, of: 8 }]), /^Error: what it takes of an earlier/],
  ['a property that is not there', takes(1, 0, ['rows', { item: 0, of: 1 }]), /^TypeError: .* has no "rows"/],
])('to take %s fails that call alone, and says so', async (_, reference, words) => {
  const calls = [call('read', 'a'), call('add-note', null), call('add-note', 'c')];
  const { given, results } = await returned(calls, [reference]);
  expect(given).toEqual(['a', 'c']);
  expect(results.map(({ isError }) => isError)).toEqual([false, true, false]);
  expect(results[1]?.text).toMatch(words);
});

test('the program that the page shows is one of them', () => {
  const read = { server: 'filesystem', tool: 'read_text_file', arguments: { path: 'door.txt' } };
  const write = { server: 'filesystem', tool: 'write_file', arguments: { path: 'copy.txt', content: null } };
  const reference = { ...takes(1, 0, [], '^color of the door: (.*)$'), argument: ['content'] };
  const page = readFileSync(new URL('../../docs/programs.md', import.meta.url), 'utf8');
  expect(page).toContain(`\n\`\`\`js\n${returningProgram([read, write], visible, [reference])}\n\`\`\`\n`);
});

test('names of variables are not those of servers', () => {
  const names = { servers: ['call1', 'result1', 'missing'].map((name) => ({ name, summary: '' })) };
  const calls = [
    { server: 'call1', tool: 'read', arguments: {} },
    { server: 'result1', tool: 'write', arguments: { text: null } },
  ];
  expect(returningProgram(calls, names, [takes(1, 0, ['id'])]).split('\n')).toEqual([
    'const call1_ = call1.read({});',
    'const result1_ = await call1_.catch(String);',
    'const result2 = await (async () => result1.write({ text: (await call1_).id ?? missing_() }))().catch(String);',
    'return [result1_, result2];',
    'function missing_() {',
    "  throw Error('what it takes of an earlier result is not there');",
    '}',
  ]);
});

test('a list of objects has no text, whatever keys they have', () => {
  const result = { rows: [{ toString: 'a' }] };
  expect(referredValue(result, { at: ['rows', { join: '\n' }], before: '' })).toBeUndefined();
  expect(referredValue({ rows: ['a', 1] }, { at: ['rows', { join: '\n' }], before: '' })).toBe('a\n1');
});

const missing = () => {
  throw new Error('missing');
};
const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...code: string[]
) => (...given: unknown[]) => Promise<unknown>;

test('what a reference stood for is known afterwards: it is what its code took', async () => {
  const key = constantFrom('name', 'a b', 'rows');
  const step = oneof(
    key,
    constantFrom<ResultStep>({ item: 0, of: 1 }, { item: 1, of: 2 }, { split: '\n' }, { join: '\n' }),
  );
  const taken = record({
    at: array(step, { maxLength: 4 }),
    before: constantFrom('', 'folder/'),
    pattern: constantFrom(undefined, '^name: (.*)$'),
  });
  const leaf = oneof(
    string(),
    constantFrom('name: a\nb', 'x\nname: c'),
    json().map(JSON.parse as (text: string) => Json),
  );
  const value = oneof(leaf, array(leaf), record({ name: leaf, rows: array(record({ name: leaf })) }));
  await assert(
    asyncProperty(value as never, taken, async (result: Json, { pattern, ...rest }) => {
      const reference = { ...rest, ...(pattern === undefined ? {} : { pattern }) };
      const code = referenceCodeOr('await result', reference, 'missing()');
      const ran = await new AsyncFunction('result', 'missing', `return ${code}`)(result, missing).catch(
        () => undefined,
      );
      const known = referredValue(result, reference);
      // Functions and lengths of JavaScript's own values are no parts of results; a text is put before texts alone.
      if (known !== undefined) expect(ran, code).toEqual(known);
      else if (rest.before === '' && rest.at.every((one) => typeof one === 'string'))
        expect(ran ?? undefined, code).toBe(undefined);
    }),
  );
});
