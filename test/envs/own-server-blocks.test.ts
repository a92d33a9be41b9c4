import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseOwnServers } from '../../envs/client-files/choice.ts';
import { MOST_COPIED_BYTES } from '../../envs/client-files/real-files.ts';
import type { McpServer } from '../../envs/mcp-configuration.ts';
import { ownServer } from '../../envs/own-server.ts';
import { conceal } from '../../envs/processes/secrets.ts';
import type { OwnSource } from '../../envs/server-definition.ts';
import { fixtureOf } from '../../envs/state/fixture.ts';

let folder = '';
beforeEach(() => (folder = realpathSync(mkdtempSync(join(tmpdir(), 'toolstone-block-')))));
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  chooseOwnServers({ isReal: false, programs: {} });
});

const place = { folder: '/w/s', home: '/w/.home/s' };
const write = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

/** A program of these settings, as it would be started in the folder /w/s. */
function made(
  block: Omit<Extract<McpServer, { command: string }>, 'command'> & { command?: string },
  more: Partial<OwnSource> = {},
) {
  const source = { block: { command: 'node', ...block }, folder, ...more };
  const { definition, faults } = ownServer('own', source, { environment: environment() });
  const reach = definition.own?.reach;
  if (reach?.kind !== 'stdio') throw new Error('not a program');
  const { PATH: _, ...variables } = definition.environment(place);
  return {
    definition,
    faults: faults.map(({ path, what }) => `${path.join('.')}: ${what}`),
    command: reach.command(place.folder),
    args: definition.arguments(place),
    variables,
    working: reach.workingFolder(place.folder),
    notes: definition.own?.notes ?? [],
    /** What its world begins with. */
    start: () =>
      Object.fromEntries([...fixtureOf(definition).tree].map(([path, bytes]) => [path, bytes.toString('latin1')])),
  };
}
let variables: Record<string, string> = {};
const environment = () => ({ PATH: process.env['PATH'] ?? '', ...variables });

describe('what stands in braces', () => {
  beforeEach(() => (variables = { NAMED: 'named value', EMPTY: '', INPUT_API_KEY: 'asked for' }));

  test.each([
    ['${NAMED}', 'named value'],
    ['${env:NAMED}', 'named value'],
    ['${EMPTY:-else}', 'else'],
    ['${env:NOWHERE:-else}', 'else'],
    ['${NOWHERE:-{FOLDER}/memory.json}', '/w/s/memory.json'],
    ['${NOWHERE:-${EMPTY:-${NAMED}}!}', 'named value!'],
    ['${input:api-key}', 'asked for'],
    ['${workspaceFolderBasename}', () => basename(folder)],
    ['a${pathSeparator}b${/}c', 'a/b/c'],
    ['{HERE}/a', () => `${folder}/a`],
    ['a}b{c', 'a}b{c'],
  ] as const)('%s', (text, value) => {
    const { variables: filled, faults } = made({ env: { A: text } });
    expect([filled['A'], faults]).toEqual([typeof value === 'string' ? value : value(), []]);
  });

  test('the home folder and the folder that an editor opened are real ones, and so play with copies', () => {
    mkdirSync(join(folder, '.vscode'));
    write('notes.txt', 'x');
    const { variables: filled } = made(
      {
        env: {
          NPM_CONFIG_CACHE: '${userHome}/.npm',
          A: '${workspaceFolder}/notes.txt',
          B: '${workspaceFolder}/new.json',
        },
      },
      { folder: join(folder, '.vscode') },
    );
    expect(filled).toEqual({ NPM_CONFIG_CACHE: `${homedir()}/.npm`, A: '/w/s/notes.txt', B: '/w/s/new.json' });
  });

  test('what stands for nothing is a fault at its place, with the cure', () => {
    const { faults } = made({ command: '${command:x}', args: ['a', '${NOWHERE}'], env: { A: '${input:other key}' } });
    expect(faults).toEqual([
      'command: ${command:x} names no variable: write ${NAME} or ${NAME:-default}',
      'args.1: the environment has no NOWHERE: set it, or write ${NOWHERE:-default} to do without',
      'env.A: ${input:other key} is asked for on a terminal, and this is none: set the variable INPUT_OTHER_KEY to its value',
    ]);
  });

  test('an input says what it is for, has a proposal, and is a secret', () => {
    const inputs = [
      { id: 'planted', description: 'Key of the test', isHidden: true },
      { id: 'mode', isHidden: false, fallback: 'proposed' },
    ];
    expect(made({ env: { A: '${input:planted}', B: '${input:mode}' } }, { inputs }).faults).toEqual([
      expect.stringContaining('INPUT_PLANTED to its value (Key of the test)'),
    ]);
    variables = { INPUT_PLANTED: 'planted in the environment' };
    const { variables: filled } = made({ env: { A: '${input:planted}', B: '${input:mode}' } }, { inputs });
    expect(filled).toEqual({ A: 'planted in the environment', B: 'proposed' });
    expect(conceal('it is planted in the environment')).toBe('it is [secret INPUT_PLANTED]');
  });

  test('a file of variables goes below those of the block, and holds secrets', () => {
    write('.env', '# said\nexport FIRST="hidden in a file"\nSECOND=two\n');
    const { variables: filled } = made({ envFile: '${workspaceFolder}/.env', env: { SECOND: 'own' } });
    expect(filled).toEqual({ FIRST: 'hidden in a file', SECOND: 'own' });
    expect(conceal('hidden in a file')).toBe('[secret FIRST]');
    expect(made({ envFile: 'nowhere.env' }).faults).toEqual([
      expect.stringMatching(/^envFile: the file cannot be read \(ENOENT/),
    ]);
  });
});

describe('real files', () => {
  beforeEach(() => (variables = {}));

  test('folders and files are copied into the world, bytes and all, and named', () => {
    write('docs/a.txt', 'a');
    write('docs/deep/picture.bin', Buffer.from([0, 255, 10]));
    write('docs/node_modules/left-out/index.js', 'x');
    mkdirSync(join(folder, 'docs/empty'));
    symlinkSync(join(folder, 'docs/a.txt'), join(folder, 'docs/inside'));
    symlinkSync('/etc/passwd', join(folder, 'docs/outside'));
    const docs = join(folder, 'docs');
    const single = write('other/docs', 'a file of the same name');
    const { args, notes, start } = made({
      args: [docs, `--db=${single}`, 'file://' + docs, `${docs},${single}`, '-v'],
    });
    expect(args).toEqual(['/w/s/docs', '--db=/w/s/docs-2', 'file:///w/s/docs', '/w/s/docs,/w/s/docs-2', '-v']);
    expect(start()).toEqual({
      'docs/a.txt': 'a',
      'docs/deep/picture.bin': '\0\u00ff\n',
      'docs/empty/': '',
      'docs/inside': 'a',
      'docs-2': 'a file of the same name',
    });
    expect(notes).toEqual([
      `${docs} is copied into its world as {FOLDER}/docs (3 files, 5 bytes, without 1 link and the like)`,
      `${single} is copied into its world as {FOLDER}/docs-2 (1 file, 23 bytes)`,
    ]);
  });

  test('what is not there yet lies in the world, and so does what is below the home folder', () => {
    const { args, notes } = made({ args: [join(folder, 'no/such.json'), '~/no-such-folder-of-a-test'] });
    expect(args).toEqual(['/w/s/such.json', '/w/s/no-such-folder-of-a-test']);
    expect(notes[0]).toBe(`${folder}/no/such.json is not there, and {FOLDER}/such.json is used in its place`);
  });

  test('programs, packages, the system and what is said on purpose stay as they are', () => {
    const script = write('server.mjs', '');
    const modules = write('node_modules/a/data.json', '');
    const data = write('data.json', '');
    const args = [
      script,
      modules,
      '/usr/share',
      '/dev/null',
      `{HERE}/data.json`,
      '{FOLDER}/x',
      '--port',
      '80',
      'https://a/b',
    ];
    expect(made({ args }).args).toEqual([...args.slice(0, 4), data, '/w/s/x', '--port', '80', 'https://a/b']);
    expect(made({ command: 'uv', args: ['--directory', folder, 'run', 'x'] }).args).toEqual([
      '--directory',
      folder,
      'run',
      'x',
    ]);
    expect(made({ env: { PATH: `/a:${folder}`, NODE_PATH: folder } }).variables).toEqual({ NODE_PATH: folder });
  });

  test('of a container only what is mounted is real', () => {
    write('docs/a.txt', 'a');
    const docs = join(folder, 'docs');
    const args = ['run', '-i', '-v', `${docs}:/data`, '--mount', `type=bind,src=${docs},dst=/more`, 'image', '/data'];
    expect(made({ command: 'docker', args }).args).toEqual([
      'run',
      '-i',
      '-v',
      '/w/s/docs:/data',
      '--mount',
      'type=bind,src=/w/s/docs,dst=/more',
      'image',
      '/data',
    ]);
  });

  test('the working folder is a copy, from which relative paths count', () => {
    write('work/data/a.txt', 'a');
    const script = write('work/server.mjs', '');
    const { args, working, notes } = made({ cwd: 'work', args: ['./server.mjs', 'data', 'word', './new'] });
    expect(args).toEqual([script, '/w/s/data', 'word', '/w/s/new']);
    expect([working, notes[0]]).toEqual([
      '/w/s/work',
      expect.stringContaining('is copied into its world as {FOLDER}/work'),
    ]);
    expect(made({ cwd: '{FOLDER}/below' }).working).toBe('/w/s/below');
    expect(made({}).working).toBe('/w/s');
  });

  test('what is too large or no file is named and refused, until real ones are played with', () => {
    const large = write('large.bin', '');
    truncateSync(large, MOST_COPIED_BYTES + 1);
    const block = { args: [large], env: { DATA: large } };
    expect(made(block).faults).toEqual([
      expect.stringMatching(
        /^args\.0: \/.*large\.bin lies outside the server's world and is too large to copy \(more than 32 MiB or 5000 files in all\)\. .*--real$/,
      ),
      expect.stringMatching(/^env\.DATA: .*large\.bin/),
    ]);
    chooseOwnServers({ isReal: true, programs: {} });
    const { faults, args, variables: filled, notes, start } = made(block);
    expect([faults, args, filled]).toEqual([[], [large], { DATA: large }]);
    expect(notes).toEqual([`${large} is played with as it is, and nothing restores it`]);
    expect(start()).toEqual({});
  });
});

/** A program on the PATH in place of the real one, which writes down how it was asked. */
function standIn(name: string, body: string): void {
  const path = write(`bin/${name}`, `#!/bin/sh\nprintf '%s\\n' "$*" >>"${folder}/asked"\n${body}\n`);
  rmSync(join(folder, 'asked'), { force: true });
  vi.stubEnv('PATH', `${dirname(path)}:${process.env['PATH']}`);
  chmodSync(path, 0o755);
}

const askedFor = (): string[] => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

describe('runners', () => {
  afterEach(() => vi.unstubAllEnvs());

  test('npx is asked once for a package, whose program is started from then on', () => {
    const manifest = { name: '@a/b', version: '1.2.3', bin: { 'b-server': 'x.js', b: 'y.js' } };
    write('cache/node_modules/@a/b/package.json', JSON.stringify(manifest));
    write('cache/node_modules/.bin/b', '');
    standIn('npx', `echo noise; echo "/usr/bin:${folder}/cache/node_modules/.bin"`);
    const block = { command: 'npx', args: ['-y', '@a/b@latest', '{FOLDER}', '-y'] };
    const [first, second] = [made(block), made(block)];
    expect(first.faults).toEqual([]);
    expect([first.command, first.args]).toEqual([`${folder}/cache/node_modules/.bin/b`, ['/w/s', '-y']]);
    expect(second.command).toBe(first.command);
    expect(first.definition.package).toBe('own server npx @a/b@1.2.3');
    expect(askedFor()).toEqual(['--yes --package @a/b@latest -c echo "$PATH"']);
    expect(made({ command: 'npx', args: ['--package=@a/b', '--', 'b-server', 'x'] }).command).toMatch(
      /\.bin\/b-server$/,
    );
  });

  test('uvx is asked likewise, and tells the version by what is installed', () => {
    const program = write('tool/bin/mcp-server-time', '');
    mkdirSync(join(folder, 'tool/lib/python3/site-packages/mcp_server_time-0.6.2.dist-info'), { recursive: true });
    standIn('uvx', `echo ${program}`);
    const { command, args, definition } = made({ command: 'uvx', args: ['mcp-server-time@0.6.2', '--local'] });
    expect([command, args, definition.package]).toEqual([program, ['--local'], 'own server uvx mcp-server-time@0.6.2']);
    expect(askedFor()).toEqual(['--from mcp-server-time==0.6.2 sh -c command -v -- "$1" sh mcp-server-time']);
  });

  test('a package that cannot be had is a sentence with the cure', () => {
    standIn('npx', 'echo "npm error ENOTFOUND" >&2; exit 1');
    expect(made({ command: 'npx', args: ['-y', 'nowhere'] }).faults).toEqual([
      'command: npx did not get nowhere (npm error ENOTFOUND). Go online and try again, or install the package and name its program as the command',
    ]);
  });
});
