import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import makePointer from '../../baselines/pointer/pointer.ts';
import { buildArguments, optionalLeaves, requiredLeaves, type ArgumentReach } from '../../baselines/pointer/schema.ts';
import { networkSettings } from '../../baselines/pointer/settings.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import openEager from '../../envs/views/eager.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const ajv = new Ajv2020({ strict: false });
const sample: Readonly<Record<string, Json>> = { string: 'x', number: 3, integer: 3, object: {} };
/** Whether the arguments that can be pointed at, one value a leaf, are ones that the schema accepts. */
const isCallable = (schema: JsonObject, reach: ArgumentReach) => {
  const leaves = requiredLeaves(schema, reach);
  const values = leaves.map(({ type, values: own }) => (own.length > 0 ? own[0] : sample[type]));
  return ajv.validate(schema, buildArguments(leaves, values));
};
const asking = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
});

describe('a call with all arguments', () => {
  test.each<[string, JsonObject]>([
    ['an object of any form', asking({ metadata: { type: 'object' } })],
    ['an object that requires none of its properties', asking({ filter: { type: 'object', properties: { a: {} } } })],
    ['a list of such objects', asking({ rows: { type: 'array', minItems: 1, items: { type: 'object' } } })],
    ['a reference', asking({ at: { $ref: '#/$defs/at' } }, { $defs: { at: asking({ x: { type: 'number' } }) } })],
    ['nothing but null', asking({ none: { type: 'null' } })],
  ])('can be formed for %s, and could not before', (_, schema) => {
    expect(isCallable(schema, 'all')).toBe(true);
    expect(isCallable(schema, 'required')).toBe(false);
  });

  test('has the leaves of a call with what is required, where that suffices', () => {
    const schema = asking({ path: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } });
    expect(requiredLeaves(schema, 'all')).toEqual(requiredLeaves(schema));
    expect(optionalLeaves({ properties: { more: { type: 'object' } } }, 'all').map(({ type }) => type)).toEqual([
      'object',
    ]);
  });

  test('ends at references that lead in a circle', () => {
    const schema = asking(
      { node: { $ref: '#/$defs/node' } },
      { $defs: { node: asking({ next: { $ref: '#/$defs/node' } }) } },
    );
    expect(requiredLeaves(schema, 'all')).toEqual([]);
  });
});

test('up to three optional values are chosen, with the exact log-probability, and one where calls have what they must', async () => {
  const most = { required: 0, all: 0 };
  for (const reach of ['required', 'all'] as const)
    for (let seed = 0; seed < 30; seed++) {
      const { trainable } = makePointer(1, { ...networkSettings.defaults, arguments: reach });
      const { actions } = await tinyEpisode(trainable.policy, openEager, 'Weigh “3” of the “box” and “bag”.', seed);
      for (const { arguments: args } of actions)
        if (args['tool'] === 'browse')
          most[reach] = Math.max(most[reach], Object.keys(args['arguments'] as object).length);
    }
  expect(most).toEqual({ required: 1, all: 3 });
});
