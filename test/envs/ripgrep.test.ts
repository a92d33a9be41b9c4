import { afterAll, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

// Without the box, so that refusing is all there is.
const pool = openWorldPool({ lanes: 1, level: 'arguments' });
afterAll(() => pool.dispose());

const names = Array.from({ length: 40 }, (_, index) => `letters/${String(index).padStart(2, '0')}.txt`);
const files = Object.fromEntries(names.map((name) => [name, 'a plum\nno more\n']));

const ask = (tool: string, args: JsonObject) =>
  pool.use({ servers: ['ripgrep'], files: { ripgrep: files } }, 1, (world) => world.call('ripgrep', tool, args));

test('results come in the order of paths, and the settings that see to it stay out of sight', async () => {
  const found = await ask('search', { pattern: 'plum', path: 'letters' });
  expect(found.text).toBe(names.map((name) => `${name}:1:a plum\n`).join(''));
  const listed = await ask('list-files', { path: '/world/ripgrep', includeHidden: true });
  expect(listed.text).toBe(names.map((name) => `/world/ripgrep/${name}\n`).join(''));
});

test.each([
  ['search', { pattern: '--pre=cat', path: '.' }, 'pattern must be'],
  ['search', { pattern: 'a', path: '-f/etc/passwd' }, 'path must be'],
  ['search', { pattern: 'a', path: '/etc' }, '/etc is outside'],
  ['count-matches', { pattern: 'a', path: '../..' }, '../.. is outside'],
  ['advanced-search', { pattern: 'a', path: '.', fileType: 'txt; echo seen' }, 'fileType must be'],
  ['list-files', { path: '.', fileType: '$(echo txt)' }, 'fileType must be'],
])('%s with %j is refused', async (tool, args, why) => {
  const { isError, text } = await ask(tool, args);
  expect(isError).toBe(true);
  expect(text).toMatch(/^Refused: /);
  expect(text).toContain(why);
});
