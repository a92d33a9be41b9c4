import { assert, boolean, integer, json, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { returnedResults, returningProgram } from '../../baselines/programs/returning-program.ts';
import type { KnownCall } from '../../baselines/programs/call-code.ts';
import type { Observation } from '../../core/types.ts';
import { played, program, world } from './two-servers.ts';

const call = (tool: string, text: string, server = 'notes'): KnownCall => ({ server, tool, arguments: { text } });
const inProgram = (server: string) => server.replaceAll('-', '_');
const returned = async (calls: readonly KnownCall[], by: Parameters<typeof played>[1] = {}) => {
  const { turns } = await played([program(returningProgram(calls, { servers: [], inProgram }))], by);
  const made = turns[0]?.calls ?? [];
  const results = returnedResults(made.at(-1)?.observation as Observation, calls.length);
  return { results, made: made.slice(0, -1).map(({ action }) => action.arguments['tool']) };
};

test('what calls bring comes back call by call, a text as it is, and the words of one that fails', async () => {
  const calls = [call('read', 'a'), call('fail', 'b'), call('add-note', 'c'), call('send', 'd', 'far-away')];
  const { results, made } = await returned(calls);
  expect(made).toEqual(['read', 'fail', 'add-note', 'send']);
  expect(results).toEqual([
    { text: '{"lines":["a","a"]}', isError: false },
    { text: 'Error: no such note', isError: true },
    { text: 'Noted: c', isError: false },
    { text: 'Noted: d', isError: false },
  ]);
});

test('of a single call the program returns the result itself, or fails as it does', async () => {
  expect((await returned([call('add-note', 'two\nlines')])).results).toEqual([
    { text: 'Noted: two\nlines', isError: false },
  ]);
  const [failed] = (await returned([call('fail', 'b')])).results;
  expect(failed?.isError).toBe(true);
  expect(failed?.text).toContain('no such note');
});

const structured: typeof world.call = async (_, __, { text }) => ({
  text: 'shown',
  structured: JSON.stringify({ content: `${text as string}: 1\nsecond: 2` }),
  isError: false,
});

test('a text that is all a result holds is read as a text', async () => {
  const calls = [call('read', 'a'), call('read', 'b')];
  expect((await returned(calls, { call: structured })).results.map(({ text }) => text)).toEqual([
    'a: 1\nsecond: 2',
    'b: 1\nsecond: 2',
  ]);
  expect((await returned(calls.slice(1), { call: structured })).results.map(({ text }) => text)).toEqual([
    'b: 1\nsecond: 2',
  ]);
});

const long: typeof world.call = async () => ({ text: 'word '.repeat(2_000), isError: false });

test('of a list that was cut, what is left stands for the last call, and all count as made', async () => {
  const { results } = await returned([call('read', 'a'), call('read', 'b')], { call: long });
  expect(results.map(({ isError }) => isError)).toEqual([false, false]);
  expect(results[0]?.text).toBe('');
  expect(results[1]?.text).toMatch(/^\["word .*tokens cut/s);
});

test('whatever a program says there is a result for each of its calls', () => {
  assert(
    property(oneof(string(), json()), boolean(), integer({ min: 1, max: 6 }), (text, isError, count) => {
      const observation: Observation = { text, isError, source: 'results', server: '', cutTokens: 0 };
      const results = returnedResults(observation, count);
      expect(results).toHaveLength(count);
      for (const one of results) expect(typeof one.text).toBe('string');
    }),
  );
});
