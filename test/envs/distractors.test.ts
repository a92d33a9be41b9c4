import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Tool } from '../../core/types.ts';
import { type Candidate, draw, type DrawRequest, mixed } from '../../envs/distractors/draw.ts';
import { clashing, distractedSet, housePool } from '../../envs/distractors/pool.ts';
import { readRequest } from '../../envs/distractors/request.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';

const candidate = (name: string, tools: number, isNear = false, rank = 0): Candidate => ({
  name,
  isNear,
  rank,
  tools: () => tools,
});
const candidates = fc.uniqueArray(
  fc.record({ name: fc.stringMatching(/^[a-z]{1,6}$/), tools: fc.integer({ min: 1, max: 40 }), isNear: fc.boolean() }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 20 },
);
const sum = (drawn: readonly Candidate[]) => drawn.reduce((total, one) => total + one.tools(), 0);
const namesOf = (drawn: readonly Candidate[]) => drawn.map(({ name }) => name);

describe('a draw', () => {
  test('is of whole servers, as few as reach the number, and the beginning of any larger one', () => {
    fc.assert(
      fc.property(candidates, fc.nat(), fc.nat(), fc.integer({ min: 1 }), (records, a, b, seed) => {
        const pool = records.map(({ name, tools, isNear }) => candidate(name, tools, isNear));
        const most = 10 + sum(pool);
        const [few, many] = [a % (most + 1), b % (most + 1)].sort((x, y) => x - y) as [number, number];
        const [small, large] = [few, many].map((tools) => draw(pool, 10, { tools, seed }));
        expect(namesOf(large ?? []).slice(0, small?.length)).toEqual(namesOf(small ?? []));
        expect(10 + sum(small ?? [])).toBeGreaterThanOrEqual(few);
        expect(small?.length === 0 || 10 + sum(small?.slice(0, -1) ?? []) < few).toBe(true);
      }),
    );
  });

  test('does not depend on the order of the pool, nor on servers that it does not reach', () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1 }), (records, seed) => {
        const pool = records.map(({ name, tools }) => candidate(name, tools));
        const tools = 1 + Math.floor(sum(pool) / 2);
        const drawn = namesOf(draw(pool, 0, { tools, seed }));
        expect(namesOf(draw(pool.toReversed(), 0, { tools, seed }))).toEqual(drawn);
        const reached = pool.filter(({ name }) => drawn.includes(name));
        expect(namesOf(draw(reached, 0, { tools, seed }))).toEqual(drawn);
      }),
    );
  });

  test('has the share of near servers that was asked for, and is nested with one, too', () => {
    const pool = Array.from({ length: 40 }, (_, number) => candidate(`s${number}`, 10, number % 2 === 0));
    for (const near of [0, 0.25, 0.5]) {
      const drawn = draw(pool, 0, { tools: 200, near, seed: 1 });
      expect(sum(drawn.filter(({ isNear }) => isNear)) / sum(drawn)).toBeCloseTo(near, 1);
      expect(namesOf(drawn).slice(0, 5)).toEqual(namesOf(draw(pool, 0, { tools: 50, near, seed: 1 })));
    }
  });

  test('takes the largest server last', () => {
    const pool = [candidate('big', 300, false, 1), ...Array.from({ length: 9 }, (_, n) => candidate(`s${n}`, 1))];
    for (let seed = 1; seed < 9; seed++) expect(namesOf(draw(pool, 0, { tools: 9, seed }))).not.toContain('big');
    expect(namesOf(draw(pool, 0, { tools: 10, seed: 1 })).at(-1)).toBe('big');
  });

  test.each<readonly [DrawRequest, string]>([
    [{ tools: 41, seed: 1 }, '--tools asks for 41 tools, and there are 40 at most, the 10 of the task'],
    [{ tools: 40, near: 0.9, seed: 1 }, '--tools 40?near=0.9 cannot be had: servers like the task'],
    [{ tools: 40, near: 0.1, seed: 1 }, '--tools 40?near=0.1 cannot be had: all other servers have 10 tools'],
  ])('of %o that cannot be had says what there is', (request, words) => {
    const pool = [candidate('a', 10, true), candidate('b', 10), candidate('c', 10, request.near === 0.1)];
    expect(() => draw(pool, 10, request)).toThrow(UsageError);
    expect(() => draw(pool, 10, request)).toThrow(words);
  });

  test('shows servers in an order that a further one does not change', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 2 }), fc.integer(), (names, seed) => {
        const [, ...fewer] = names;
        expect(mixed(names, seed).filter((name) => fewer.includes(name))).toEqual(mixed(fewer, seed));
      }),
    );
    const names = Array.from({ length: 20 }, (_, number) => `s${number}`);
    expect(mixed(names, 1)).not.toEqual(mixed(names, 2));
  });
});

describe('--tools', () => {
  test.each([
    ['300', { tools: 300, seed: 1 }],
    ['300?near=0.2&seed=7', { tools: 300, near: 0.2, seed: 7 }],
    ['300?near=0', { tools: 300, near: 0, seed: 1 }],
  ])('reads %s', (text, request) => expect(readRequest(text)).toEqual({ asked: text, ...request }));

  test.each([
    ['many', '--tools many: "many" is no number of tools. Give a whole number of at least 1, for example 300 or'],
    ['0', '"0" is no number of tools'],
    ['300?near=2', '"near=2" is no setting of "300": near is a number from 0 to 1.'],
    ['300?far=1', '"far=1" is no setting of "300".'],
  ])('refuses %s in a sentence', (text, words) => expect(() => readRequest(text)).toThrow(words));
});

test('a toolspace among distractors is measured: its tools, those of listed servers, those like its own, and names that clash', () => {
  const own = ['filesystem', 'memory'];
  const pool = housePool(new Set([...own, 'fast-filesystem', 'knowledge-graph']));
  const near = distractedSet(own, pool, readRequest('200?near=0.3'));
  const { tools } = toolspaceOf(near.servers);
  expect(near.tools).toBe(tools.length);
  expect(near.tools).toBeGreaterThanOrEqual(200);
  expect(near.listedTools).toBeGreaterThan(0);
  expect(near.clashingTools).toBe(clashing(tools));
  expect(near.servers).toEqual(expect.arrayContaining(own));
  expect(near.servers.slice(0, 2)).not.toEqual(own);
  expect(near.servers).not.toContain('knowledge-graph');
  const none = distractedSet(own, pool, readRequest('200?near=0'));
  expect(none.nearTools).toBe(0);
  expect(near.nearTools).toBeGreaterThan(0);
  expect(() => distractedSet(own, pool, readRequest('5'))).toThrow(
    /^--tools asks for 5 tools, and the task's own servers \(filesystem, memory\) have 23 already\. Give at least that\.$/,
  );
});

const tool = (server: string, name: string): Tool => ({ server, name, description: '', inputSchema: {} });

test('names clash that another server has, too, each time they are there', () => {
  expect(clashing([tool('a', 'read'), tool('b', 'read'), tool('b', 'write'), tool('c', 'find')])).toBe(2);
});
