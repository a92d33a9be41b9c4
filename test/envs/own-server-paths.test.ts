import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Files } from '../../core/types.ts';
import { ownServer } from '../../envs/own-server.ts';
import { conceal } from '../../envs/processes/secrets.ts';
import { fixtureOf } from '../../envs/state/fixture.ts';

let folder = '';
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolstone-paths-')))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

/** What a program of these settings is started with in the folder /w/s, and what its world begins with. */
function made(block: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> }) {
  const source = { block: { command: 'node', ...block }, folder };
  const { definition } = ownServer('own', source, { environment: { PATH: '/bin' } });
  const place = { folder: '/w/s', home: '/w/.home/s' };
  const { PATH: _, ...variables } = definition.environment(place);
  const start = (files: Files = {}) =>
    Object.fromEntries([...fixtureOf(definition, files).tree].map(([path, bytes]) => [path, bytes.toString()]));
  return { args: definition.arguments(place), variables, notes: definition.own?.notes ?? [], start };
}

test('a word that is the name of a file beside the block is that file; of a folder it is told how to name it', () => {
  write('shopping.json', '{}');
  write('data/notes/a.txt', 'a');
  write('test/b.txt', 'b');
  const {
    args,
    variables: filled,
    notes,
    start,
  } = made({
    args: ['shopping.json', '--data=data/notes', 'run', 'test', 'test', '.', 'elsewhere.json', '--shopping.json'],
    env: { SHOPPING_FILE: 'shopping.json', MODE: 'test' },
  });
  expect(args.slice(0, 2)).toEqual(['/w/s/shopping.json', '--data=/w/s/notes']);
  expect(args.slice(2)).toEqual(['run', 'test', 'test', '.', 'elsewhere.json', '--shopping.json']);
  expect(filled).toEqual({ SHOPPING_FILE: '/w/s/shopping.json', MODE: 'test' });
  expect(start()).toEqual({ 'shopping.json': '{}', 'notes/a.txt': 'a' });
  expect(notes).toEqual([
    `${folder}/shopping.json is copied into its world as {FOLDER}/shopping.json (1 file, 2 bytes)`,
    `${folder}/data/notes is copied into its world as {FOLDER}/notes (1 file, 1 byte)`,
    `"test" is passed as it is; to have the folder ${folder}/test copied, write ./test`,
  ]);
});

test('a file of a task replaces the copy of that name, and leaves the other copies as they are', () => {
  const far = write('data/stock.json', '{"apples": 40}');
  write('old/stock.json', 'older');
  write('shop/a.txt', 'a');
  const { variables, start } = made({
    args: ['shop/'],
    env: { STOCK_FILE: 'data/stock.json', FAR: far, OLD: 'old/stock.json' },
  });
  expect(variables).toEqual({ STOCK_FILE: '/w/s/stock.json', FAR: '/w/s/stock.json', OLD: '/w/s/stock.json-2' });
  expect(start({ 'stock.json': '{"apples": 3}', 'shop/b.txt': 'b' })).toEqual({
    'stock.json': '{"apples": 3}',
    'stock.json-2': 'older',
    'shop/a.txt': 'a',
    'shop/b.txt': 'b',
  });
  expect(start()['stock.json'], 'for that task alone').toBe('{"apples": 40}');
});

test('a path is no secret, so that the file can be told; what is called or looks like one is', () => {
  const file = write('a-file-of-a-user.json', 'x');
  write('hunter-of-files', 'x');
  const { notes } = made({
    env: {
      FILE_OF_TOKENS: file,
      NEW_FILE: `${folder}/a-file-that-comes.json`,
      API_KEY: 'hunter-of-files',
      OPAQUE: '/9j4AAQSkZJRgABAQ',
      PHRASE: 'a phrase of eight letters or more',
    },
  });
  expect(notes.slice(0, 2)).toEqual([
    `${file} is copied into its world as {FOLDER}/a-file-of-a-user.json (1 file, 1 byte)`,
    `${folder}/a-file-that-comes.json is not there, and {FOLDER}/a-file-that-comes.json is used in its place`,
  ]);
  expect(notes.at(-1)).toBe('concealed wherever they appear, also from the policy: API_KEY, OPAQUE');
  expect(conceal('hunter-of-files, /9j4AAQSkZJRgABAQ, a phrase of eight letters or more')).toBe(
    '[secret API_KEY], [secret OPAQUE], a phrase of eight letters or more',
  );
});
