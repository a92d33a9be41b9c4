import { array, assert as assertProperty, constantFrom, property, record, string, uniqueArray } from 'fast-check';
import { expect, it, test } from 'vitest';
import { driftExcerpt } from '../../core/drift/drift.ts';
import { offeredDrift, type Offered } from '../../core/drift/offered.ts';
import { cutHash, readToolPrint, toolPrint } from '../../core/fingerprint.ts';
import type { Tool } from '../../core/types.ts';

const tool = (name: string, change: Partial<Tool> = {}): Tool => ({
  server: 'notes',
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: { title: { type: 'string' } } },
  ...change,
});

/** As a manifest says it, with or without the texts of tools. */
function offered(tools: readonly Tool[], { instructions = '', hasTexts = false, isOld = false } = {}): Offered {
  const fingerprint = {
    ...(instructions === '' ? {} : { instructions: cutHash(instructions) }),
    tools: Object.fromEntries(tools.map((one) => [one.name, toolPrint(one, 10)])),
  };
  const notes = { schemaHash: cutHash(JSON.stringify(tools)), ...(isOld ? {} : { fingerprint }) };
  return {
    servers: { notes },
    ...(hasTexts ? { toolspace: { tools: tools.map((one) => ({ ...one, tokens: 1 })), needs: {} } } : {}),
  };
}

const before = [tool('read'), tool('write'), tool('list')];

it.each<[string, readonly Tool[], readonly string[]]>([
  ['nothing', before, []],
  [
    'a description',
    [tool('read', { description: 'Reads.' }), ...before.slice(1)],
    ['The description of the tool read of server notes changed'],
  ],
  [
    'a schema',
    [before[0]!, tool('write', { inputSchema: { type: 'object' } }), before[2]!],
    ['The schema of the tool write of server notes changed'],
  ],
  [
    'a name',
    before.map((one, place) => (place === 1 ? { ...one, name: 'write_all' } : one)),
    ['The tool write of server notes was removed', 'The tool write_all of server notes was added'],
  ],
  ['the order', [before[1]!, before[0]!, before[2]!], ['The order of the tools of server notes changed']],
])('planted drift of %s is found, by fingerprint and by text alike', (_, now, told) => {
  const found = (options: Parameters<typeof offered>[1]) =>
    offeredDrift(offered(before, options), offered(now, options)).map(({ what }) => what);
  expect(found({})).toEqual(told);
  expect(found({ hasTexts: true })).toEqual(told);
});

test('by text a difference reads as text, by fingerprint as hashes; what an older manifest does not tell is told of the server', () => {
  const now = [tool('read', { description: 'Reads.' }), ...before.slice(1)];
  const lines = (options: Parameters<typeof offered>[1]) =>
    driftExcerpt(offeredDrift(offered(before, options), offered(now, options)));
  expect(lines({ hasTexts: true })).toEqual([
    'Drift: The description of the tool read of server notes changed.',
    '  - Does read.',
    '  + Reads.',
  ]);
  expect(lines({})[1]).toBe(`  - SHA-256 ${cutHash('Does read.')}`);
  expect(lines({ isOld: true })[0]).toBe('Drift: The tools of server notes changed.');
});

test('what a server tells at the start is a part of what it offers, and so is the server', () => {
  const quiet = offered(before);
  expect(offeredDrift(quiet, offered(before, { instructions: 'Be brief.' }))).toEqual([
    {
      what: 'The instructions of server notes changed',
      difference: ['- SHA-256 none', `+ SHA-256 ${cutHash('Be brief.')}`],
    },
  ]);
  expect(offeredDrift(quiet, { servers: {} }).map(({ what }) => what)).toEqual(['The server notes was removed']);
});

test('equal offers have no drift, and a long list of drift is cut', () => {
  const anyTool = record({
    name: string({ minLength: 1 }),
    description: string(),
    inputSchema: constantFrom({ type: 'object' }, { type: 'object', properties: { a: {} } }),
  }).map((one) => ({ ...one, server: 'notes' }));
  const anyTools = uniqueArray(anyTool, { selector: ({ name }) => name, maxLength: 6 });
  assertProperty(
    property(anyTools, array(string()), (tools, [instructions = '']) => {
      expect(offeredDrift(offered(tools, { instructions }), offered(tools, { instructions }))).toEqual([]);
      for (const one of tools) {
        const changed = tools.map((other) => (other === one ? { ...one, description: `${one.description}!` } : other));
        const drift = offeredDrift(offered(tools), offered(changed));
        expect(drift.map(({ what }) => what)).toEqual([
          `The description of the tool ${one.name} of server notes changed`,
        ]);
      }
    }),
  );
  const many = Array.from({ length: 30 }, (_, index) => tool(`tool-${index}`));
  expect(driftExcerpt(offeredDrift(offered(many), offered([]))).at(-1)).toBe('… and 20 more.');
});

test('a fingerprint is read as it was written', () => {
  const print = toolPrint(before[0]!, 812);
  expect(print).toMatch(/^[0-9a-f]{12} [0-9a-f]{12} 812$/);
  expect(readToolPrint(print)).toEqual({
    description: cutHash('Does read.'),
    schema: print.split(' ')[1],
    characters: 812,
  });
});
