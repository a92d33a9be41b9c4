import { serve, text } from '../../lib/mcp.ts';

const named = (name: string, inputSchema: unknown, more: object = {}) => ({
  name,
  description: name,
  ...(inputSchema === undefined ? {} : { inputSchema }),
  ...more,
});

/** Schemas of every draft and none, as servers write them; five entries that nobody could call. */
serve({
  tools: [
    named('notes.read/größe', {
      $schema: 'http://json-schema.org/draft-04/schema#',
      id: 'http://example.org/note',
      type: 'object',
      properties: { page: { type: 'integer', minimum: 0, exclusiveMinimum: true, required: true } },
    }),
    named('draft_07', {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }], additionalItems: false } },
      dependencies: { pair: ['pair'] },
    }),
    named('draft_2019', {
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      type: 'object',
      $defs: { item: { type: 'string' } },
      properties: { item: { $ref: '#/$defs/item' } },
    }),
    named('definitions', {
      definitions: {
        Item: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/definitions/Item' } } } },
      },
      $ref: '#/definitions/Item',
    }),
    named('either', {
      oneOf: [
        { type: 'object', required: ['a'] },
        { type: 'object', required: ['b'] },
      ],
    }),
    named('nothing', undefined),
    named('anything', true),
    named('maybe', { type: ['object', 'null'] }),
    named('foreign_pattern', { type: 'object', properties: { name: { type: 'string', pattern: '(?i)^a' } } }),
    named('elsewhere', { type: 'object', properties: { a: { $ref: 'https://example.org/schema.json' } } }),
    named('takes_text', { type: 'string' }),
    named('takes_a_list', []),
    named('twice', { type: 'object', properties: { a: { type: 'string' } } }),
    named('twice', { type: 'object', properties: { b: { type: 'string' } } }),
    named('two\nlines', {}),
    { description: 'nameless', inputSchema: {} },
  ],
  call: () => text('The code is K7-44.'),
});
