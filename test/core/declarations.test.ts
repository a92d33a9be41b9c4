import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { declarationsOf } from '../../core/declarations/declarations.ts';
import { identifierOf } from '../../core/identifiers.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { serverNames } from '../../envs/server-list.ts';
import { startFaults, toolspaceOf } from '../../envs/toolspaces.ts';
import { isWhole } from '../whole.ts';

const toolWith = (inputSchema: JsonObject, rest: Partial<Tool> = {}): Tool => ({
  server: 'shop',
  name: 'find',
  description: '',
  inputSchema,
  ...rest,
});
const declared = (inputSchema: JsonObject, rest: Partial<Tool> = {}): string =>
  declarationsOf([toolWith(inputSchema, rest)]).replace(/^declare namespace shop \{\n([^]*)\}\n$/, '$1');
const object = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required,
});

/** Names of a function's arguments, those of all alternatives together, by the lines that declare them. */
const namesIn = (declaration: string): Set<string> =>
  new Set(
    [...declaration.matchAll(/^ {4}("(?:[^"\\]|\\.)*"|[A-Za-z_$][\w$]*)\??: /gm)].map(([, name = '']) =>
      name.startsWith('"') ? (JSON.parse(name) as string) : name,
    ),
  );
const namesOf = (schema: JsonObject): string[] => [
  ...Object.keys((schema['properties'] ?? {}) as JsonObject),
  ...(['anyOf', 'oneOf', 'allOf'] as const).flatMap((key) =>
    ((schema[key] ?? []) as readonly JsonObject[]).flatMap(namesOf),
  ),
];

describe('every tool of the catalogue that is installed', () => {
  const faults = startFaults(serverNames);
  const { tools } = toolspaceOf(serverNames.filter((name) => !faults.has(name)));

  test('is declared in TypeScript, its arguments under their own names', () => {
    expect(tools.length).toBeGreaterThan(100);
    for (const tool of tools) {
      const declaration = declarationsOf([tool]);
      expect(() => stripTypeScriptTypes(declaration), tool.name).not.toThrow();
      expect(namesIn(declaration), tool.name).toEqual(new Set(namesOf(tool.inputSchema)));
      expect(declaration).toContain(`function ${identifierOf(tool.name)}(`);
    }
  });

  test.runIf(isWhole)('is declared so that the compiler has nothing to object', () => {
    const folder = mkdtempSync(join(tmpdir(), 'declarations-'));
    const file = join(folder, 'tools.d.ts');
    writeFileSync(file, declarationsOf(tools));
    const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
    const { stdout, status } = spawnSync(process.execPath, [
      compiler,
      '--noEmit',
      '--ignoreConfig',
      '--types',
      '',
      file,
    ]);
    rmSync(folder, { recursive: true });
    expect([status, stdout.toString()]).toEqual([0, '']);
  });
});

const word = fc.constantFrom('a', 'path', 'read-note', '*/', 'delete', '1st', 'line\nbreak', '"', '', '\u2028');
const names = fc.oneof(word, fc.string({ maxLength: 6 }));
const { schema: schemas } = fc.letrec<{ schema: Json }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(
      true,
      false,
      {},
      { $ref: '#/properties/a' },
      { $ref: '#' },
      { $ref: 'https://x/y' },
      { enum: [] },
    ),
    fc.record(
      {
        type: fc.constantFrom('string', 'integer', 'number', 'boolean', 'null', 'odd', ['string', 'null']),
        description: names,
        default: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
        enum: fc.array(fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Json>, { maxLength: 3 }),
        const: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
        minimum: fc.integer(),
        maxLength: fc.nat(),
        pattern: names,
        nullable: fc.boolean(),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Json>,
    fc.record(
      {
        type: fc.constantFrom('object', 'array'),
        properties: fc.dictionary(names, tie('schema'), { maxKeys: 4 }),
        required: fc.array(names, { maxLength: 2 }),
        additionalProperties: tie('schema'),
        items: fc.oneof(tie('schema'), fc.array(tie('schema'), { maxLength: 2 })),
        anyOf: fc.array(tie('schema'), { maxLength: 3 }),
        allOf: fc.array(tie('schema'), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<Json>,
  ),
}));

test('any schema gives a declaration that can be parsed, with the names of its arguments', () => {
  fc.assert(
    fc.property(names, names, fc.dictionary(names, schemas, { maxKeys: 4 }), schemas, (name, text, properties, out) => {
      const input = object(properties, ['a']);
      const outputSchema =
        typeof out === 'object' && out !== null && !Array.isArray(out) ? { outputSchema: out as JsonObject } : {};
      const declaration = declarationsOf([toolWith(input, { name, server: name, description: text, ...outputSchema })]);
      expect(() => stripTypeScriptTypes(declaration), declaration).not.toThrow();
      const [head = ''] = declaration.split('): Promise<');
      for (const one of Object.keys(properties)) expect(namesIn(head), declaration).toContain(one);
    }),
    { numRuns: isWhole ? 1000 : 200 },
  );
});

test.each<[string, JsonObject, string]>([
  [
    'required and not',
    object({ a: { type: 'string' }, 'b-c': { type: 'integer' } }, ['a']),
    'a: string;\n    /** Whole number. */\n    "b-c"?: number;',
  ],
  [
    'enums and constants',
    object({ a: { enum: ['x', 1, null] }, b: { const: 'y' } }),
    'a?: "x" | 1 | null;\n    b?: "y";',
  ],
  [
    'arrays of alternatives',
    object({ a: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } } }),
    'a?: (string | null)[];',
  ],
  [
    'tuples',
    object({ a: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false } }),
    'a?: [string, number];',
  ],
  ['nullable', object({ a: { type: 'string', nullable: true } }), 'a?: string | null;'],
  ['several types', object({ a: { type: ['string', 'number'] } }), 'a?: string | number;'],
  ['maps', object({ a: { type: 'object', additionalProperties: { type: 'number' } } }), 'a?: Record<string, number>;'],
  ['what may be anything', object({ a: {}, b: { anyOf: [{ type: 'string' }, {}] } }), 'a?: unknown;\n    b?: unknown;'],
  [
    'all of several',
    object({ a: { allOf: [object({ x: { type: 'string' } }), { $ref: '#/$defs/No' }] } }),
    'a?: {\n      x?: string;\n    };',
  ],
  [
    'a union within all of several',
    object({ a: { allOf: [{ enum: [1, 2] }, { enum: [2, 3] }] } }),
    'a?: (1 | 2) & (2 | 3);',
  ],
  [
    'bounds and defaults',
    object({ a: { type: 'number', description: 'How many', minimum: 1, maximum: 9, default: 3 } }),
    '/** How many. 1 to 9. Default: 3. */\n    a?: number;',
  ],
  [
    'bounds that bound nothing',
    object({ a: { type: 'number', maximum: Number.MAX_SAFE_INTEGER, minimum: -Number.MAX_SAFE_INTEGER } }),
    '  function find(args?: {\n    a?: number;',
  ],
  [
    'lengths, formats, patterns',
    object({ a: { type: 'string', minLength: 2, format: 'uri', pattern: '^a*/' } }),
    String.raw`/** At least 2 characters. Format: uri. Pattern: ^a*\/. */`,
  ],
  [
    'what is said of items',
    object({ a: { type: 'array', items: { type: 'string', maxLength: 5 } } }),
    'a?: (/** At most 5 characters. */ string)[];',
  ],
  [
    'references',
    { ...object({ a: { $ref: '#/$defs/Id' } }), $defs: { Id: { type: 'string' } } },
    '  type find_Id = string;\n  function find(args?: {\n    a?: find_Id;',
  ],
  [
    'a type within itself',
    { ...object({ a: { $ref: '#/$defs/T' } }), $defs: { T: object({ in: { $ref: '#/$defs/T' } }) } },
    '  type find_T = {\n    in?: find_T;\n  };',
  ],
  ['nothing', { type: 'object' }, 'function find(): Promise<unknown>;'],
])('%s', (_, schema, expected) => expect(declared(schema)).toContain(expected));

test('the result is that of the output schema, with types of its own', () => {
  const outputSchema = { ...object({ a: { $ref: '#/$defs/Id' } }, ['a']), $defs: { Id: { type: 'number' } } };
  expect(declared({ type: 'object' }, { outputSchema, description: 'Finds.\n\nAll of it.' })).toBe(
    '  type find_result_Id = number;\n  /** Finds.\n   * All of it. */\n  function find(): Promise<{\n    a: find_result_Id;\n  }>;\n',
  );
});

test('tools of one server share a namespace', () => {
  const tools = [toolWith({}), toolWith({}, { server: 'a-b' }), toolWith({}, { name: 'get' })];
  expect(declarationsOf(tools)).toBe(
    'declare namespace shop {\n  function find(): Promise<unknown>;\n  function get(): Promise<unknown>;\n}\n' +
      'declare namespace a_b {\n  function find(): Promise<unknown>;\n}\n',
  );
  expect(declarationsOf([])).toBe('');
});
