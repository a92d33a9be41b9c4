import { assert, constantFrom, dictionary, nat, oneof, property } from 'fast-check';
import { expect, test } from 'vitest';
import { batchQuestion } from '../../baselines/pointer/batch-question.ts';
import { offerOf } from '../../baselines/pointer/decide.ts';
import { headsOf } from '../../baselines/pointer/heads.ts';
import type { PendingCall } from '../../baselines/pointer/memory.ts';
import { promisedTo } from '../../baselines/pointer/references.ts';
import type { Leaf } from '../../baselines/pointer/schema.ts';
import { makeReader, type Situation } from '../../baselines/pointer/situation.ts';
import { referenceCode } from '../../baselines/programs/value-code.ts';
import type { JsonObject } from '../../core/json.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import openEager from '../../envs/views/eager.ts';
import { tinyWorld } from './tiny-toolspace.ts';

const prompt =
  'Read “door.txt”, find the “color of the door” and the “owner” of its size, and “say the color of the door aloud”.';
const text = { type: 'string' };

/** An episode by programs with one tool, whose results look like this. */
function situationWith(name: string, outputSchema: JsonObject): Situation {
  const inputSchema = { type: 'object', properties: { path: text }, required: ['path'] };
  const tool = { server: 'files', name, description: '', inputSchema, outputSchema };
  const toolspace = { servers: [{ name: 'files', summary: '' }], tools: [tool] };
  const view = withExecution(openEager, 'programs')({ ...tinyWorld(), toolspace }, { toolNamesUpFront: true });
  view.close?.();
  const { metaTools, visible, system, execution = 'calls' } = view;
  const { signal } = new AbortController();
  const start = {
    taskId: 't',
    prompt,
    system,
    metaTools,
    view: 'eager',
    execution,
    visible,
    root: '/',
    seed: 1,
    signal,
  };
  return makeReader()(start);
}

const callOf = (situation: Situation, path: string): PendingCall => {
  const [tool] = situation.loaded();
  if (!tool) throw new RangeError('no tool is loaded');
  return { tool, leaves: tool.required, values: [path], keys: [-1], references: [undefined] };
};

const after = (situation: Situation, calls: number): Situation =>
  Array.from({ length: calls }).reduce<Situation>(
    (ahead, _, i) => ahead.expecting(callOf(situation, i === 0 ? 'door.txt' : `${i}`)),
    situation,
  );

function codesFor(situation: Situation, type: Leaf['type'] = 'string'): readonly string[] {
  const [tool] = situation.loaded();
  const leaf = { ...(tool?.required[0] as Leaf), name: 'content', type };
  return promisedTo(situation, leaf).map(({ reference }) => referenceCode(`call${reference.from + 1}`, reference));
}

test('nothing is promised before there is a call', () => {
  expect(codesFor(situationWith('read_file', text))).toEqual([]);
});

test('of a text that is looked up, all of it and lines by quotes that may be keys', () => {
  expect(codesFor(after(situationWith('read_file', text), 1))).toEqual([
    'call1',
    'call1.match(/^color of the door: (.*)$/m)[1]',
    'call1.match(/^owner: (.*)$/m)[1]',
  ]);
  expect(codesFor(after(situationWith('make_file', text), 1)), 'of one that is not').toEqual(['call1']);
});

test('of an object its parts, those first that the prompt names, but for what the call was given', () => {
  const properties = { path: text, id: text, a: text, b: text, size: text, owner: text, sizes: { type: 'number' } };
  const situation = after(situationWith('make_file', { type: 'object', properties }), 1);
  expect(codesFor(situation)).toEqual(['call1.size', 'call1.owner', 'call1.id', 'call1.a']);
  expect(codesFor(situation, 'integer')).toEqual(['call1.sizes']);
  expect(codesFor(situation, 'object')).toEqual([]);
});

test('the newest calls come first', () => {
  expect(codesFor(after(situationWith('make_file', text), 3))).toEqual(['call3', 'call2', 'call1']);
});

test('a call that takes from one of its own tool is known as such, since that could go on for ever', () => {
  const situation = situationWith('make_file', text);
  const first = callOf(situation, 'door.txt');
  const taking = { call: 1, argument: ['path'], from: 0, at: [], before: '' };
  const second = { ...first, values: [undefined], references: [taking] };
  const isChain = (calls: readonly PendingCall[]) => {
    const { scalars } = batchQuestion(situation, after(situation, 2), offerOf(situation), calls);
    const names =
      headsOf('both')
        .find(({ name }) => name === 'batch')
        ?.scalars.map(([name]) => name) ?? [];
    return scalars[names.indexOf('run: the last call of the program takes from one of its own tool')];
  };
  expect([isChain([first]), isChain([first, second]), isChain([first, second, first])]).toEqual([0, 1, 0]);
});

test('whatever results look like, what is promised is little, and each of it once', () => {
  const leaf = constantFrom<JsonObject>(text, { type: 'number' }, {}, { type: ['null', 'string'] });
  const list = leaf.map((items): JsonObject => ({ type: 'array', items }));
  const properties = dictionary(constantFrom('a', 'b', 'owner', 'path', 'odd name'), oneof(leaf, list));
  const results = oneof(
    leaf,
    list,
    properties.map((all): JsonObject => ({ type: 'object', properties: all })),
  );
  assert(
    property(results, nat(31), (shape, calls) => {
      const codes = codesFor(after(situationWith('read_file', shape), calls));
      expect(codes.length).toBeLessThanOrEqual(16);
      expect(new Set(codes).size).toBe(codes.length);
    }),
    { numRuns: 30 },
  );
});
