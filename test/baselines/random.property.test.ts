import { Ajv } from 'ajv';
import { assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { random } from '../../baselines/policies/random.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Decision, EpisodeStart } from '../../core/types.ts';

const schema: JsonObject = {
  type: 'object',
  properties: {
    path: { type: 'string' },
    kind: { enum: ['a', 'b'] },
    count: { type: 'integer', minimum: 2, maximum: 5 },
    tags: { type: 'array', minItems: 2, items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
    inner: { type: 'object', properties: { on: { type: 'boolean' }, value: { const: 3 } }, required: ['on', 'value'] },
  },
  required: ['path', 'count', 'tags', 'inner'],
};
const fits = new Ajv().compile(schema);

const episode = (seed: number): EpisodeStart => ({
  taskId: 't',
  prompt: 'Put “3” into “box”.',
  system: '',
  metaTools: ['list_tools', 'load_tools', 'call_tool', 'finish'].map((name) => ({
    name,
    description: '',
    inputSchema: {},
  })),
  view: 'tool',
  visible: {
    servers: [{ name: 's', summary: '' }],
    names: new Map([['s', ['t']]]),
    loaded: [{ server: 's', name: 't', description: '', inputSchema: schema }],
  },
  root: '/world',
  seed,
  signal: new AbortController().signal,
});

test('calls fit the schema, strings come from the prompt, and the seed decides', () => {
  const seen = new Set<string>();
  assert(
    property(integer(), (seed) => {
      const play = () => {
        const session = random().start(episode(seed));
        return Array.from({ length: 5 }, () => session.act([]));
      };
      const decisions = play() as Decision[];
      expect(play()).toEqual(decisions);
      for (const { action } of decisions.flatMap(({ calls }) => calls)) {
        seen.add(action.name);
        if (action.name !== 'call_tool') continue;
        const args = action.arguments['arguments'] as JsonObject;
        expect(fits(args), JSON.stringify(fits.errors)).toBe(true);
        expect(['3', 'box']).toContain(args['path']);
      }
    }),
  );
  expect([...seen].sort()).toEqual(['call_tool', 'finish', 'list_tools', 'load_tools']);
});
