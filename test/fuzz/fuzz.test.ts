import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { listIn } from '../../core/list.ts';
import { fuzz, lay, type Reader } from './reader.ts';

const scratch = mkdtempSync(join(tmpdir(), 'toolstone-fuzz-'));
afterAll(async () => {
  rmSync(scratch, { recursive: true, force: true });
  for (const [, { close }] of readers) await close?.();
});

const list = listIn<Reader>(new URL('./readers/', import.meta.url), 'reader');
const { TOOLSTONE_FUZZ, TOOLSTONE_FUZZ_SEED, TOOLSTONE_FUZZ_READERS } = process.env;
const names = TOOLSTONE_FUZZ_READERS?.split(',') ?? list.names();
const readers = await Promise.all(names.map(async (name) => [name, await list.load(name)] as const));
const shares = readers.reduce((sum, [, { share }]) => sum + share, 0);
/** Inputs of all readers together. */
const all = Number(TOOLSTONE_FUZZ ?? 400);
/** The same every time, so that a build breaks by what was changed alone; `.ci/long` draws its own. */
const USUAL_SEED = 15;
const seed = Number(TOOLSTONE_FUZZ_SEED ?? USUAL_SEED);

test.each(readers)('%s: each valid input is taken', async (name, reader) => {
  for (const input of reader.inputs) {
    const files = new Map(Object.entries(input).map(([path, { text }]) => [path, Buffer.from(text)]));
    const folder = join(scratch, name);
    lay(folder, files);
    await reader.read(files, folder);
  }
});

test.each(readers)(
  '%s: a valid input with something wrong in it is read or refused in a sentence',
  async (name, reader) => {
    const count = Math.ceil((all * reader.share) / shares);
    const figures = await fuzz(name, reader, { folder: join(scratch, name), count, seed });
    expect(figures.inputs).toBeGreaterThanOrEqual(count);
    // Of few inputs all may be refused by chance.
    if (count >= 200) expect(figures.taken, 'inputs that got past the door').toBeGreaterThan(count / 50);
    if (TOOLSTONE_FUZZ !== undefined) process.stderr.write(`fuzz ${name} ${JSON.stringify({ seed, ...figures })}\n`);
  },
  3_600_000,
);

/* ---- faults planted into a reader are found, with what is needed to see them again ---- */

const planted = (read: (text: string) => unknown): Reader => ({
  share: 1,
  inputs: [{ 'a.json': { form: 'json', text: '{"a": [1, 2], "b": "x"}' } }],
  read: (files) => read(files.get('a.json')?.toString() ?? ''),
});
const asUser = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('The file is no JSON. Write it anew.');
  }
};

test.each([
  ['throws what is no refusal', (text: string) => (asUser(text) as { a: number[] }).a.length, /TypeError: Cannot read/],
  [
    'refuses without a sentence',
    (text: string) => {
      if (!text.includes('"b"')) throw new UsageError('bad');
    },
    /no sentence/,
  ],
  [
    'refuses in a programmer’s words',
    (text: string) => {
      if (!text.includes('"b"')) throw new UsageError('The file is [object Object].');
    },
    /speaks to programmers/,
  ],
  [
    'takes its time',
    (text: string) => {
      if (!text.includes('"b"')) for (const end = performance.now() + 60; performance.now() < end;);
    },
    /took \d+ ms/,
  ],
  [
    'lets keys reach all objects',
    (text: string) => {
      const value = asUser(text);
      if (typeof value === 'object' && value && Object.hasOwn(value, '__proto__'))
        Object.assign(Object.prototype, { planted: 1 });
    },
    /changed what all objects inherit/,
  ],
] as const)('a reader that %s is found out', async (how, read, what) => {
  try {
    const found = fuzz('planted', planted(read), {
      folder: join(scratch, 'planted'),
      count: 3_000,
      seed: 7,
      ...(how === 'takes its time' ? { mostMilliseconds: 50 } : {}),
    });
    await expect(found).rejects.toThrow(what);
    await expect(found).rejects.toThrow(/Again with TOOLSTONE_FUZZ_SEED=7 TOOLSTONE_FUZZ_READERS=planted/);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'planted');
  }
});

async function inputsOf(seed: number): Promise<string[]> {
  const seen: string[] = [];
  const reader = planted((text) => seen.push(text));
  await fuzz('planted', reader, { folder: join(scratch, 'planted'), count: 50, seed });
  return seen;
}

test('equal seeds give equal inputs', async () => {
  const once = await inputsOf(11);
  expect(await inputsOf(11)).toEqual(once);
  expect(new Set(once).size).toBeGreaterThan(25);
});
