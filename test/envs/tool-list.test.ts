import { describe, expect, test } from 'vitest';
import { readToolList } from '../../envs/processes/tool-list.ts';
import { allPages } from '../../envs/processes/tool-pages.ts';

const own = (...tools: readonly unknown[]) => readToolList({ server: 's', expectedTools: 0, isOwn: true }, { tools });
const ofCatalogue = (...tools: readonly unknown[]) =>
  readToolList({ server: 's', expectedTools: 0, isOwn: false }, { tools });

test('a tool that a configuration names and the server does not list is told, listed ones are not', () => {
  const offer = { includes: (name: string) => name !== 'write', named: ['write', 'wrlte'] };
  const tools = [
    { name: 'read', inputSchema: {} },
    { name: 'write', inputSchema: {} },
  ];
  const list = readToolList({ server: 's', expectedTools: 0, isOwn: true, offer }, { tools });
  expect(list.tools.map(({ name }) => name)).toEqual(['read']);
  expect(list.remarks).toEqual(['its configuration names the tool "wrlte", which it does not list']);
});

describe('the list of a user’s own server', () => {
  test.each([
    ['without a schema', { name: 'a' }],
    ['with an empty schema', { name: 'a', inputSchema: {} }],
    ['with a schema that takes anything', { name: 'a', inputSchema: true }],
    ['with a schema without type', { name: 'a', inputSchema: { properties: {} } }],
    ['with several types', { name: 'a', inputSchema: { type: ['object', 'null'] } }],
    ['with dots, slashes and umlauts', { name: 'notes.list/größe: alle', inputSchema: {} }],
    ['with a long name', { name: 'a'.repeat(256), inputSchema: {} }],
  ])('keeps a tool %s', (_, tool) => {
    const { tools, quarantined } = own(tool);
    expect(tools.map(({ name }) => name)).toEqual([tool.name]);
    expect(quarantined).toEqual([]);
  });

  test.each([
    ['it has no name', { inputSchema: {} }],
    ['it has no name', null],
    ['its name holds control characters', { name: 'a\nb' }],
    ['its name is longer than 256 characters', { name: 'a'.repeat(257) }],
    ['its inputSchema is no object', { name: 'a', inputSchema: [] }],
    ['its inputSchema takes no object, but "type": "string"', { name: 'a', inputSchema: { type: 'string' } }],
  ])('sets aside what nobody could call: %s', (reason, tool) => {
    expect(own(tool, { name: 'b' })).toMatchObject({ tools: [{ name: 'b' }], quarantined: [{ reason }] });
  });

  test('takes a tool once that comes twice, and the first of two that differ', () => {
    expect(own({ name: 'a' }, { name: 'a' }).quarantined).toEqual([]);
    const { tools, quarantined } = own({ name: 'a', description: '1' }, { name: 'a', description: '2' });
    expect(tools).toMatchObject([{ description: '1' }]);
    expect(quarantined).toEqual([{ name: 'a', reason: 'its name is listed twice, and the first one is taken' }]);
  });

  test('keeps title, annotations and outputSchema; that of the catalogue shows them as little as ever', () => {
    const more = { title: 'A', annotations: { readOnlyHint: true }, outputSchema: { type: 'object' } };
    const tool = { name: 'a', description: '', inputSchema: { type: 'object' } };
    expect(own({ ...tool, ...more }).tools).toEqual([{ server: 's', ...tool, ...more }]);
    expect(ofCatalogue({ ...tool, ...more }).tools).toEqual([{ server: 's', ...tool }]);
    expect(ofCatalogue({ name: 'a', inputSchema: {} }).quarantined).toHaveLength(1);
  });
});

const pages = async (answer: (cursor: string | undefined, asked: number) => unknown) => {
  let asked = 0;
  const { result, remarks } = await allPages(async ({ cursor }) => answer(cursor, asked++));
  return { names: (result as { tools: { name: string }[] }).tools.map(({ name }) => name), asked, remarks };
};
const page = (names: readonly string[], nextCursor?: unknown) => ({
  tools: names.map((name) => ({ name })),
  nextCursor,
});

describe('pages of tools', () => {
  test('are asked for to the last, though there are hundreds', async () => {
    const { names, remarks } = await pages((_, asked) => page([`t${asked}`], asked < 399 ? `p${asked}` : undefined));
    expect([names.length, remarks]).toEqual([400, []]);
  });

  test('may be named by an empty text, and end with null', async () => {
    const { names } = await pages((cursor) => (cursor === undefined ? page(['a'], '') : page(['b'], null)));
    expect(names).toEqual(['a', 'b']);
  });

  test('that go round in circles end', async () => {
    expect(await pages(() => page(['a', 'b'], 'end'))).toEqual({ names: ['a', 'b'], asked: 2, remarks: [] });
  });

  test('that never end and bring nothing are told of', async () => {
    const { asked, remarks } = await pages((_, number) => page(['a'], `p${number}`));
    expect([asked, remarks]).toEqual([21, ['its list of tools goes on after 20 pages without a new one']]);
  });

  test('of which one is no list are told of, and the others kept', async () => {
    const { names, remarks } = await pages((cursor) => (cursor === undefined ? page(['a'], 'x') : undefined));
    expect([names, remarks]).toEqual([['a'], ['page 2 of its tools is no list']]);
  });
});
