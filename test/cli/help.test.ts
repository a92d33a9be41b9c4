import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { CommandDefinition } from '../../commands/shared/definition.ts';
import { programOf } from '../../commands/shared/command-line.ts';
import { exitCodes, exitCodesText } from '../../commands/shared/exit-codes.ts';
import { listIn } from '../../core/list.ts';
import { temporaryFolder } from './toolstone.ts';

const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));
const commands = listIn<CommandDefinition>(new URL('../../commands/', import.meta.url), 'command');

/** Tells the address of every module that its process loads, a line each, on a fourth channel. */
const teller = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({
    load: (url, context, next) => {
      if (url.startsWith('file:')) writeSync(3, url + '\\n');
      return next(url, context);
    },
  });
`)}`;

/** Standard output of the command line, and the addresses of the modules that it loaded. */
async function loadedBy(...words: readonly string[]) {
  const child = spawn(process.execPath, ['--import', teller, entry, ...words], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const [, output, , addresses] = child.stdio;
  const read = async (stream: typeof output) => (await stream?.toArray())?.join('') ?? '';
  const [stdout, urls] = await Promise.all([read(output), read(addresses as typeof output)]);
  const modules = urls.trimEnd().split('\n');
  return { stdout, modules, own: modules.filter((url) => !url.includes('/node_modules/')) };
}

const folderOfCommands = new URL('../../commands/', import.meta.url).href;

/** Those of the commands among modules. */
const names = (own: readonly string[]) =>
  own
    .filter((url) => url.startsWith(folderOfCommands))
    .flatMap((url) => /^([\w-]+)\.ts$/.exec(url.slice(folderOfCommands.length))?.[1] ?? [])
    .sort();

test('the help of all commands loads their files and nothing that only their work needs', async () => {
  const { stdout, modules, own } = await loadedBy('--help');
  for (const name of commands.names()) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
  expect(names(own)).toEqual(commands.names());
  expect(modules.filter((url) => /modelcontextprotocol|\/zod\/|\/ajv\//.test(url))).toEqual([]);
  expect(modules.length - own.length, 'modules of packages').toBeLessThan(12);
  expect(own.length - commands.names().length, 'own modules besides the commands').toBeLessThan(36);
}, 60_000);

test('the help says of every exit code what it means', () => {
  const lines = [...exitCodesText.matchAll(/^ {2}(\d+) +\S/gm)].map(([, code]) => Number(code));
  expect(lines).toEqual(Object.values(exitCodes));
});

test('the help of one command loads the file of no other', async () => {
  const { stdout, own } = await loadedBy('judge-train', '--help');
  expect(stdout).toContain('Usage: toolstone judge-train');
  expect(names(own)).toEqual(['judge-train']);
}, 60_000);

test('a file in the folder is a command, in the help and to be run', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'shared'));
  writeFileSync(
    join(folder, 'greet.ts'),
    `export default {
      summary: 'say something to somebody',
      define: (command) => command.argument('<name>').action((name) => { globalThis.greeted = name; }),
    };`,
  );
  writeFileSync(join(folder, 'broken.ts'), "throw new Error('a command that is not called is not loaded');");
  const list = listIn<CommandDefinition>(pathToFileURL(`${folder}/`), 'command');
  const program = await programOf(list, 'greet');
  expect(program.helpInformation()).toMatch(/greet <name>\s+say something to somebody/);
  await program.parseAsync(['greet', 'the world'], { from: 'user' });
  expect(globalThis).toHaveProperty('greeted', 'the world');
  await expect(programOf(list, undefined), 'all are loaded where none is named').rejects.toThrow('is not loaded');
});
