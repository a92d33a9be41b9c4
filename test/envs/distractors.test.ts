import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Tool } from '../../core/types.ts';
import type { Candidate, DrawRequest } from '../../envs/distractors/candidate.ts';
import { draw, mixed } from '../../envs/distractors/draw.ts';
import { clashing, distractedSet, housePool } from '../../envs/distractors/pool.ts';
import { readRequest } from '../../envs/distractors/request.ts';
import { listing, serverDefinition } from '../../envs/server-list.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';

const candidate = (name: string, tools: number, counted = 0, rank = 0): Candidate => ({
  name,
  rank,
  tools: () => tools,
  counted: () => counted,
});
const MOST_TOOLS = 40;
const candidates = fc.uniqueArray(
  fc
    .record({ name: fc.stringMatching(/^[a-z]{1,6}$/), tools: fc.integer({ min: 1, max: MOST_TOOLS }), part: fc.nat() })
    .map(({ name, tools, part }) => candidate(name, tools, part % 3 === 0 ? part % (tools + 1) : 0)),
  { selector: ({ name }) => name, minLength: 1, maxLength: 20 },
);
const sum = (drawn: readonly Candidate[]) => drawn.reduce((total, one) => total + one.tools(), 0);
const sumOfCounted = (drawn: readonly Candidate[]) => drawn.reduce((total, one) => total + one.counted(), 0);
const namesOf = (drawn: readonly Candidate[]) => drawn.map(({ name }) => name);

describe('a draw', () => {
  test('is of whole servers, as few as reach the number, and the beginning of any larger one', () => {
    fc.assert(
      fc.property(candidates, fc.nat(), fc.nat(), fc.integer({ min: 1 }), (pool, a, b, seed) => {
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
      fc.property(candidates, fc.integer({ min: 1 }), (pool, seed) => {
        const tools = 1 + Math.floor(sum(pool) / 2);
        const drawn = namesOf(draw(pool, 0, { tools, seed }));
        expect(namesOf(draw(pool.toReversed(), 0, { tools, seed }))).toEqual(drawn);
        const reached = pool.filter(({ name }) => drawn.includes(name));
        expect(namesOf(draw(reached, 0, { tools, seed }))).toEqual(drawn);
      }),
    );
  });

  test('has the share of near servers that was asked for, and is nested with one, too', () => {
    const pool = Array.from({ length: 40 }, (_, number) => candidate(`s${number}`, 10, number % 2 === 0 ? 10 : 0));
    for (const part of [0, 0.25, 0.5]) {
      const share = { kind: 'near', part } as const;
      const drawn = draw(pool, 0, { tools: 200, share, seed: 1 });
      expect(sumOfCounted(drawn) / sum(drawn)).toBeCloseTo(part, 1);
      expect(namesOf(drawn).slice(0, 5)).toEqual(namesOf(draw(pool, 0, { tools: 50, share, seed: 1 })));
    }
  });

  test('meets a share but for the tools of one server, is nested with it and the same each time, or names a share that it meets', () => {
    const asked = fc.record({
      tools: fc.integer({ min: 1, max: 300 }),
      part: fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000),
      seed: fc.integer({ min: 1 }),
    });
    let [met, refused] = [0, 0];
    fc.assert(
      fc.property(candidates, asked, (pool, { tools, part, seed }) => {
        fc.pre(tools <= sum(pool));
        const drawWith = (share: number, fewest = tools) =>
          draw(pool, 0, { tools: fewest, share: { kind: 'clash', part: share }, seed });
        try {
          const drawn = drawWith(part);
          met++;
          expect(Math.abs(sumOfCounted(drawn) - part * sum(drawn))).toBeLessThanOrEqual(MOST_TOOLS);
          expect(namesOf(drawWith(part))).toEqual(namesOf(drawn));
          const fewer = namesOf(drawWith(part, Math.ceil(tools / 2)));
          expect(namesOf(drawn).slice(0, fewer.length)).toEqual(fewer);
        } catch (error) {
          if (!(error instanceof UsageError)) throw error;
          refused++;
          expect(error.message).toContain(
            `--tools ${tools}?clash=${part} cannot be had: ${sumOfCounted(pool)} tools of`,
          );
          const nearest = /Ask for clash=(\S+) at (?:most|least), or fewer tools\.$/.exec(error.message)?.[1];
          if (nearest === undefined) expect(error.message).toMatch(/Ask for fewer tools\.$/);
          else expect(sum(drawWith(Number(nearest)))).toBeGreaterThanOrEqual(tools);
        }
      }),
      { numRuns: 300 },
    );
    expect(Math.min(met, refused)).toBeGreaterThan(20);
  });

  test('takes the largest server last', () => {
    const pool = [candidate('big', 300, 0, 1), ...Array.from({ length: 9 }, (_, n) => candidate(`s${n}`, 1))];
    for (let seed = 1; seed < 9; seed++) expect(namesOf(draw(pool, 0, { tools: 9, seed }))).not.toContain('big');
    expect(namesOf(draw(pool, 0, { tools: 10, seed: 1 })).at(-1)).toBe('big');
  });

  test.each<readonly [DrawRequest, string]>([
    [{ tools: 41, seed: 1 }, '--tools asks for 41 tools, and there are 40 at most, the 10 of the task'],
    [
      { tools: 40, share: { kind: 'near', part: 0.9 }, seed: 1 },
      "--tools 40?near=0.9 cannot be had: servers like the task's own have 10 tools, fewer than this share of the others. Ask for near=0.499 at most, or fewer tools.",
    ],
    [
      { tools: 40, share: { kind: 'near', part: 0.1 }, seed: 1 },
      '--tools 40?near=0.1 cannot be had: all other servers have 10 tools, fewer than the rest. Ask for near=0.5 at least, or fewer tools.',
    ],
    [
      { tools: 40, share: { kind: 'clash', part: 0.9 }, seed: 1 },
      "--tools 40?clash=0.9 cannot be had: 10 tools of other servers are called like one of the task's own; these servers have 10 tools, and the rest 20. Ask for clash=0.499 at most, or fewer tools.",
    ],
  ])('of %o that cannot be had says what there is', (request, words) => {
    const pool = [candidate('a', 10, 10), candidate('b', 10), candidate('c', 10, request.share?.part === 0.1 ? 10 : 0)];
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
    ['300?near=0.2&seed=7', { tools: 300, share: { kind: 'near', part: 0.2 }, seed: 7 }],
    ['300?near=0', { tools: 300, share: { kind: 'near', part: 0 }, seed: 1 }],
    ['300?clash=0.1', { tools: 300, share: { kind: 'clash', part: 0.1 }, seed: 1 }],
  ])('reads %s', (text, request) => expect(readRequest(text)).toEqual({ asked: text, ...request }));

  test.each([
    ['many', '--tools many: "many" is no number of tools. Give a whole number of at least 1, for example 300 or'],
    ['0', '"0" is no number of tools'],
    ['300?near=2', '"near=2" is no setting of "300": near is a number from 0 to 1.'],
    ['300?far=1', '"far=1" is no setting of "300".'],
    ['300?clash=-1', '"clash=-1" is no setting of "300": clash is a number from 0 to 1.'],
    [
      '300?near=0.2&clash=0.1',
      "--tools 300?near=0.2&clash=0.1: give near or clash, not both. A server with a tool called like one of the task's own is near",
    ],
  ])('refuses %s in a sentence', (text, words) => expect(() => readRequest(text)).toThrow(words));
});

test('a toolspace among distractors is measured: its tools, those of listed servers, those like its own, and names that clash', () => {
  const own = ['filesystem', 'memory'];
  const pool = housePool(new Set([...own, 'fast-filesystem', 'knowledge-graph']));
  const near = distractedSet(own, pool, readRequest('200?near=0.3'));
  const { tools } = listing(pool, () => toolspaceOf(near.servers));
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
  const names = new Set(tools.filter(({ server }) => own.includes(server)).map(({ name }) => name));
  const namesakes = tools.filter(({ name, server }) => !own.includes(server) && names.has(name));
  expect(near.clashWithOwn).toBe(namesakes.length);
  expect(distractedSet(own, pool, readRequest('200?clash=0')).clashWithOwn).toBe(0);
  const clash = distractedSet(own, pool, readRequest('200?clash=0.05'));
  expect(clash.clashWithOwn).toBeGreaterThan(0);
  expect(() => distractedSet(own, pool, readRequest('5'))).toThrow(
    /^--tools asks for 5 tools, and the task's own servers \(filesystem, memory\) have 23 already\. Give at least that\.$/,
  );
});

test('kinds of servers name servers that there are, each once in its kind', () => {
  const file = new URL('../../envs/distractors/kinds.json', import.meta.url);
  const kinds = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, readonly string[]>>;
  for (const [kind, names] of Object.entries(kinds)) {
    expect(names.toSorted(), kind).toEqual([...new Set(names)]);
    for (const name of names) expect(serverDefinition(name).name).toBe(name);
  }
});

const tool = (server: string, name: string): Tool => ({ server, name, description: '', inputSchema: {} });

test('names clash that another server has, too, each time they are there', () => {
  expect(clashing([tool('a', 'read'), tool('b', 'read'), tool('b', 'write'), tool('c', 'find')])).toBe(2);
});
