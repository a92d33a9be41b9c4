import { expect, test } from 'vitest';
import { argumentFaults, schemaFault } from '../../envs/argument-check.ts';
import type { JsonObject } from '../../core/json.ts';

const schema = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

test.each<[string, JsonObject]>([
  ['a type that JSON Schema does not know', schema({ a: { type: 'text' } })],
  ['a reference to nowhere', schema({ a: { $ref: '#/$defs/none' } })],
])('a schema by which nothing can be checked is found before a policy meets it: %s', (_, broken) => {
  expect(schemaFault(broken)).toMatch(/\w/);
});

test('schemas of older dialects, unknown formats and own keywords are taken', () => {
  const old = schema(
    { a: { type: 'string', format: 'colour', 'x-order': 1 } },
    { $schema: 'http://json-schema.org/draft-07/schema#' },
  );
  expect(schemaFault(old)).toBeUndefined();
  expect(argumentFaults(old, { a: 'red' })).toBeUndefined();
});

test('faults are named by place, five at most', () => {
  const strict = schema(
    { a: { type: 'integer' }, b: { enum: ['x', 'y'] } },
    { required: ['a'], additionalProperties: false },
  );
  expect(argumentFaults(strict, { b: 'z', c: 1 })).toBe(
    'arguments must have required property \'a\'; arguments must NOT have additional properties: "c"; b must be equal to one of the allowed values: ["x","y"]',
  );
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, 1]));
  expect(argumentFaults(strict, { a: 1, ...many })?.split(';')).toHaveLength(5);
});

test.each<[string, JsonObject, JsonObject, JsonObject]>([
  ['draft 4', { properties: { a: { minimum: 0, exclusiveMinimum: true } }, id: 'x' }, { a: 1 }, { a: 0 }],
  [
    'draft 4, by name',
    { $schema: 'http://json-schema.org/draft-04/schema#', properties: { id: { maximum: 9, exclusiveMaximum: true } } },
    { id: 8 },
    { id: 9 },
  ],
  ['draft 7', { properties: { a: { items: [{ type: 'string' }] } } }, { a: ['x'] }, { a: [1] }],
  [
    'draft 7, by name',
    { $schema: 'http://json-schema.org/draft-07/schema#', dependencies: { a: ['b'] } },
    { b: 1 },
    { a: 1 },
  ],
  [
    '2019-09',
    {
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      $defs: { n: { type: 'number' } },
      properties: { a: { $ref: '#/$defs/n' } },
    },
    { a: 1 },
    { a: 'x' },
  ],
  ['2020-12', { properties: { a: { prefixItems: [{ type: 'string' }] } } }, { a: ['x'] }, { a: [1] }],
  [
    'OpenAPI',
    { properties: { a: { nullable: true, type: 'string', exclusiveMinimum: false } } },
    { a: null },
    { a: 1 },
  ],
  ['a pattern with flag u', { properties: { a: { pattern: '^\\p{L}$' } } }, { a: 'ü' }, { a: 'p{L}' }],
  ['a pattern without it', { properties: { a: { pattern: '^\\@\\-$' } } }, { a: '@-' }, { a: '@' }],
  ['no type', {}, { a: 1 }, undefined as never],
])('arguments are checked by a schema of %s', (_, dialect, right, wrong) => {
  expect(schemaFault(dialect)).toBeUndefined();
  expect(argumentFaults(dialect, right)).toBeUndefined();
  if (wrong as JsonObject | undefined) expect(argumentFaults(dialect, wrong)).toMatch(/\w/);
});

test('a pattern of another language refuses nothing, and the rest of its schema goes on', () => {
  const foreign = schema({ a: { type: 'string', pattern: '(?i)^b' } }, { required: ['a'] });
  expect(argumentFaults(foreign, { a: 'c' })).toBeUndefined();
  expect(argumentFaults(foreign, {})).toMatch(/required/);
});
