import { expect, test } from 'vitest';
import { argumentFaults, schemaFault } from '../../envs/argument-check.ts';
import type { JsonObject } from '../../core/json.ts';

const schema = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

test.each<[string, JsonObject]>([
  ['a type that JSON Schema does not know', schema({ a: { type: 'text' } })],
  ['a pattern that is no regular expression', schema({ a: { type: 'string', pattern: '(' } })],
  ['a reference to nowhere', schema({ a: { $ref: '#/$defs/none' } })],
])('a schema nobody could call is found before a policy meets it: %s', (_, broken) => {
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
