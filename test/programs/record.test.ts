import { expect, test } from 'vitest';
import { planProgram } from '../../baselines/programs/plan-program.ts';
import { WorldFailure } from '../../core/errors.ts';
import episodeOf from '../../core/record/episode-figures.ts';
import { callsOf } from '../../core/trajectory.ts';
import { WORLD_CLOCK_START_MILLISECONDS } from '../../envs/programs/limits.ts';
import { programSource } from '../../envs/programs/program-source.ts';
import { evidence } from '../../judges/language/evidence.ts';
import { score } from '../../judges/reward/rewards.ts';
import type { Action, World } from '../../core/types.ts';
import { tinyTask } from '../models/tiny-world.ts';
import { played, program, world } from './two-servers.ts';

const say = async (...codes: readonly string[]) => (await played(codes.map(program))).shown.at(-1);

test('a program is one turn: its calls before it in the record, only what it returns and logs in the context', async () => {
  const code = `console.log('begun');
const all = await Promise.all(['b', 'a'].map((text) => notes.read({ text })));
await notes.add_note({ text: all[0].lines[0] });
return all.length`;
  const { trajectory, shown, turns } = await played([program(code)]);
  const [first] = turns;
  expect(first?.calls.map(({ action, isInside }) => [isInside, action.arguments['tool'] ?? action.name])).toEqual([
    [true, 'read'],
    [true, 'read'],
    [true, 'add-note'],
    [undefined, 'run_program'],
  ]);
  expect(first?.calls.map(({ event }) => event.kind)).toEqual(['called', 'called', 'called', 'ran']);
  expect(
    first?.calls.map(({ action }) => (action.arguments['arguments'] as { text?: string } | undefined)?.text),
  ).toEqual(['b', 'a', 'b', undefined]);
  expect(shown[0]).toBe('begun\n2');
  expect(trajectory.execution).toBe('programs');
  expect(evidence(trajectory, 2_000)).toMatch(
    /1\. CALL notes\.read .*\n.*\n3\. CALL notes\.add-note .*\n4\. PROGRAM run_program/,
  );
});

test('the sources of the prompt, programs among them, add up to it', async () => {
  const { trajectory } = await played([program("return 'a long result '.repeat(2000)"), program('return 1')]);
  for (const { tokens } of trajectory.turns) {
    const { system, schemas, results, history, code = 0, prompt } = tokens;
    expect(system + Object.values(schemas).reduce((sum, one) => sum + one, 0) + results + history + code).toBe(prompt);
  }
  const [first, second, last] = trajectory.turns.map(({ tokens }) => tokens);
  expect([first?.code, second?.code !== undefined, (last?.code ?? 0) > (second?.code ?? 0)]).toEqual([
    undefined,
    true,
    true,
  ]);
  expect(trajectory.turns[0]?.calls[0]?.observation.text).toMatch(/\[… \d+ tokens cut …\]$/);
  const figures = episodeOf({ ...trajectory, ...score(tinyTask, trajectory) }, 1, '', { start: 0, length: 0 });
  expect(figures.execution).toBe('programs');
  expect(figures.tokens.code).toBe((second?.code ?? 0) + (last?.code ?? 0));
});

test('without programs nothing of them is in a record', async () => {
  const call: Action = { name: 'call_tool', arguments: { server: 'notes', tool: 'read', arguments: { text: 'a' } } };
  const { trajectory, system } = await played([call], { execution: 'calls' });
  expect(JSON.stringify(trajectory)).not.toMatch(/execution|"code"|isInside/);
  expect(system).not.toContain('program');
});

test('equal seeds give equal bytes: chance and clock are the world’s', async () => {
  const code =
    'return [Math.random(), Math.random(), Date.now(), new Date().getHours(), new Date(2026, 0, 1).toISOString(), String(new Date(0))]';
  const ofSeed = (seed: number) => played([program(code)], { seed });
  const [one, two, other] = [await ofSeed(7), await ofSeed(7), await ofSeed(8)];
  expect(one.trajectory).toEqual(two.trajectory);
  type Said = readonly [number, number, number, number, string, string];
  const [random, next, now, hours, midnight, epoch] = JSON.parse(one.shown[0] ?? '') as Said;
  const [otherRandom, otherNext, ...otherClock] = JSON.parse(other.shown[0] ?? '') as Said;
  const draws = [random, next, otherRandom, otherNext];
  expect(new Set(draws).size, 'each draw and each seed has chance of its own').toBe(4);
  for (const draw of draws) expect(Math.floor(draw)).toBe(0);
  expect(otherClock, 'the clock is of no seed').toEqual([now, hours, midnight, epoch]);
  expect(now).toBe(WORLD_CLOCK_START_MILLISECONDS);
  expect([hours, midnight]).toEqual([9, '2026-01-01T00:00:00.000Z']);
  expect(epoch).toContain('Thu Jan 01 1970 00:00:00 GMT+0000');
});

test('variables live on, types are taken out, the last line is the value', async () => {
  const first = `interface Note { lines: string[] }
const { lines: [word], ...rest }: Note = await notes.read({ text: 'blue' });
let count: number = 1, later;
function twice(text: string): string { return text + text }
class Box { constructor(readonly of: string) {} }`;
  const withoutParameterProperties = first.replace('constructor(readonly of: string) {}', 'of = 1');
  expect(
    await say(withoutParameterProperties, '[word, count, later === undefined, twice("a"), new Box().of, rest]'),
  ).toBe('["blue",1,true,"aa",1,{}]');
  expect(await say('count = 2;', 'count++; count')).toBe('3');
});

test.each([
  ["await notes.reed({ text: 'a' })", 'has no tool "reed". Did you mean notes.read?'],
  [
    "await notes.read({ txet: 'a' })",
    'read was not called: arguments must have required property \'text\'; arguments must NOT have additional properties: "txet"',
  ],
  ["await notes.read('a')", 'notes.read takes one object of arguments by its schema, and got "a"'],
  ["await notes.fail({ text: 'a' })", 'The program stopped. Error: no such note'],
  [
    "(await notes.read({ text: 'a' })).line",
    'The result of notes.read has no "line". It is {lines: a list of 2: text}',
  ],
  ['for (let i = 0; i < 300; i++) await notes.read({ text: `${i}` })', 'A program may make 200 calls'],
  ["try { await notes.fail({ text: 'a' }) } catch (error) { return error.message }", 'no such note'],
  ["await far_away.send({ text: 'a' })", 'Noted: a'],
])('%s is answered with words that help', async (code, words) => {
  expect(await say(code)).toContain(words);
});

const dying: World['call'] = async (server, tool, args) => {
  if (args['text'] === '2') throw new WorldFailure('Server notes has died');
  return world.call(server, tool, args);
};

test('a server that dies in mid-program voids the episode, and what was called before stays', async () => {
  const code = 'for (let i = 0; i < 5; i++) await notes.read({ text: `${i}` })';
  const { trajectory } = await played([program(code)], { call: dying });
  expect(trajectory.outcome).toMatchObject({ kind: 'failed', culprit: 'world' });
  expect(callsOf(trajectory).map(({ event }) => event.kind)).toEqual(['called', 'called', 'ran']);
  expect(callsOf(trajectory).at(-1)?.observation.text).toContain('Server notes has died');
});

test('an abort ends a program between two of its calls', async () => {
  const stop = new AbortController();
  let calls = 0;
  const call: World['call'] = async (server, tool, args) => {
    if (++calls === 2) stop.abort(new Error('interrupted'));
    return world.call(server, tool, args);
  };
  const code = 'for (let i = 0; i < 5; i++) await notes.read({ text: `${i}` })';
  await expect(played([program(code)], { call, signal: stop.signal })).rejects.toThrow('interrupted');
  expect(calls).toBe(2);
});

test('a plan becomes a program with loops over what differs', () => {
  const calls = ['a', 'b', 'c'].map((path) => ({ server: 'notes', tool: 'read', arguments: { path, head: 2 } }));
  const other = { server: 'far-away', tool: 'get-sum', arguments: {} };
  const plan = [...calls, other].map((call) => ({ ...call, after: [] }));
  expect(planProgram({ plan, visible: { servers: world.toolspace.servers } }).code).toBe(
    [
      'for (const path of ["a", "b", "c"]) await notes.read({ path, head: 2 });',
      'await far_away["get-sum"]({});',
      "return 'done';",
    ].join('\n'),
  );
});

const read = (code: string) => programSource(code, { isTaken: (name) => name === 'Map' });

test('a program keeps its lines, whatever is rewritten in it', () => {
  const lines = (code: string) =>
    'source' in read(code) ? (read(code) as { source: string }).source.split('\n').length - 1 : 0;
  for (const code of [
    'let a\n\n= 1',
    'const\n{ b } = c,\nd = 2',
    'class E {\n}\nE',
    'function f() {\n}',
    'const Map = 1;\nMap',
  ])
    expect(lines(code), code).toBe(code.split('\n').length);
  expect(read('const Map = 1')).toEqual({ source: '(async function () {; const Map = 1\n})' });
  expect(read('const a: number = 1')).toEqual({ fault: 'Line 1, column 8: Unexpected token.' });
});
