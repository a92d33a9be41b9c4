/** Worlds wherever HOME lies, where servers see real paths: obsidian, which judges those, is in every world of `basic`. */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { cacheFolder } from '../../envs/world-places.ts';
import { findProgram } from '../envs/optional-programs.ts';
import { temporaryFolder } from './toolstone.ts';
import { isWhole } from '../whole.ts';

/** Each starts the command, its threads and its servers. */
vi.setConfig({ testTimeout: 180_000 });

const entry = fileURLToPath(new URL('../../toolstone.ts', import.meta.url));
const clone = dirname(entry);
const bubblewrap = findProgram('bwrap');

interface Run {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly words?: readonly string[];
  readonly limit?: number;
  /** Put before Node. */
  readonly inside?: readonly string[];
}

/** A task of `basic`, confined by checks of arguments alone. */
function runIn({ env, cwd, words = ['--suite', 'basic'], limit = 1, inside = [] }: Run) {
  const out = join(temporaryFolder(), 'run');
  const cache = warmCache(temporaryFolder());
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const line = [
    ...inside,
    process.execPath,
    entry,
    'run',
    ...words,
    '--policy',
    'oracle',
    '--confinement',
    'arguments',
    '--limit',
    `${limit}`,
    '--out',
    out,
  ];
  const { status, stdout, stderr } = spawnSync(line[0] as string, line.slice(1), {
    cwd,
    encoding: 'utf8',
    env: { PATH, NODE_COMPILE_CACHE, XDG_CACHE_HOME: cache, ...env },
  });
  const file = (name: string) => readFileSync(join(out, name), 'utf8');
  return {
    status,
    text: stdout + stderr,
    manifest: () => JSON.parse(file('manifest.json')) as Manifest,
    outcomes: () =>
      file('trajectories.jsonl')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as Trajectory).outcome.kind),
  };
}

/** As obsidian says. */
const isPlain = (path: string): boolean => !/^\/(s?bin|usr\/s?bin|etc|var|tmp|dev|sys)|\/\./.test(`${path}/`);
const plainBase = [userInfo().homedir, clone, '/srv', '/opt'].find((path) => isPlain(path) && canWrite(path));

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function plainFolder(): string {
  const folder = mkdtempSync(join(plainBase as string, 'toolstone-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a program with these folders read-only, for root too. */
const readOnly = (...folders: readonly string[]): readonly string[] => [
  bubblewrap as string,
  '--dev-bind',
  '/',
  '/',
  ...folders.flatMap((folder) => ['--ro-bind', folder, folder]),
];

const calls = {
  obsidian: { tool: 'create-note', arguments: { vault: 'obsidian', filename: 'a.md', content: 'x' } },
  filesystem: { tool: 'write_file', arguments: { path: '/world/filesystem/a.md', content: 'x' } },
};

/** A task file of one task on one server. */
function taskOn(server: keyof typeof calls): readonly string[] {
  const path = join(temporaryFolder(), 'tasks.json');
  const checks = [{ file: { server, path: 'a.md' }, contains: 'x' }];
  const task = { id: 'note', prompt: 'Write it.', servers: [server], checks, plan: [{ server, ...calls[server] }] };
  writeFileSync(path, JSON.stringify({ tasks: [task] }));
  return ['--tasks', path];
}

/** What is known of servers' tools spares starting them. */
function warmCache(folder: string): string {
  const path = join(folder, '.cache');
  if (existsSync(cacheFolder())) cpSync(cacheFolder(), join(path, 'toolstone'), { recursive: true, filter: isOfTools });
  return path;
}
const isOfTools = (path: string): boolean => path === cacheFolder() || path.startsWith(join(cacheFolder(), 'tools'));

function hidden(): string {
  const folder = join(temporaryFolder(), '.hidden');
  mkdirSync(folder);
  return folder;
}

const homes: readonly (readonly [string, () => string | undefined])[] = [
  ['below the temporary folder', temporaryFolder],
  ['hidden', hidden],
  ['in /var, and not there', () => '/var/no-such-home'],
  ['not set', () => undefined],
];

describe.runIf(plainBase)('a world of a server that judges real paths', () => {
  test.each(homes.slice(0, isWhole ? homes.length : 1))('lies in the working directory where HOME is %s', (_, home) => {
    const cwd = plainFolder();
    // Who has no HOME has the one that the system knows, which may be fit.
    const { status, text, outcomes } = runIn({ env: { HOME: home() }, cwd, words: taskOn('obsidian') });
    expect(status, text).toBe(0);
    expect(outcomes()).toEqual(['terminated']);
    expect(readdirSync(cwd), 'nothing is left there').toEqual([]);
  });

  test.runIf(isWhole)('lies in the runtime folder before HOME, and passes by what cannot be used', () => {
    const [runtime, home] = [plainFolder(), plainFolder()];
    rmSync(home, { recursive: true });
    const env = { HOME: home, XDG_RUNTIME_DIR: runtime };
    const { status, text, outcomes } = runIn({ env, cwd: '/', words: taskOn('obsidian') });
    expect(status, text).toBe(0);
    expect(outcomes()).toEqual(['terminated']);
  });
});

describe.skipIf(isPlain(clone) && bubblewrap === null)('where no folder is one that the server accepts', () => {
  const nowhere = { env: { HOME: '/var/no-such-home' }, cwd: '/tmp', inside: isPlain(clone) ? readOnly(clone) : [] };

  test('a suite that can do without it runs, and says so', () => {
    const { status, text, manifest, outcomes } = runIn(nowhere);
    expect(status, text).toBe(0);
    expect(text).toMatch(/Running without the server obsidian, which no task needs\. .*HOME, \/var\/no-such-home: /s);
    expect(outcomes()).toEqual(['terminated']);
    expect(manifest().withoutServers).toEqual(['obsidian']);
    expect(Object.keys(manifest().servers)).not.toContain('obsidian');
  });

  test('tasks that need it are refused with each place, its fault and the cure', () => {
    const { status, text } = runIn({ ...nowhere, words: ['--suite', 'broad', '--split', 'train'], limit: 40 });
    expect(status).toBe(2);
    expect(text).toMatch(/Server obsidian accepts no folder that is there for its world\. Set XDG_RUNTIME_DIR to /);
    expect(text).toContain('- shared memory, /dev/shm: begins with /dev');
    expect(text).toContain('- the working directory, /tmp: begins with /tmp');
    expect(text).toMatch(/- HOME, \/var\/no-such-home: ENOENT/);
    expect(text).toMatch(/\d+ of 40 tasks need it, those of [\w-]+/);
  });
});

test.runIf(isWhole && bubblewrap !== null)(
  'worlds lie in the working directory where nothing else can be written',
  () => {
    const [home, cwd] = [temporaryFolder(), temporaryFolder()];
    warmCache(home);
    const inside = readOnly('/dev/shm', home);
    const env = { HOME: home, XDG_CACHE_HOME: undefined };
    const { status, text, outcomes } = runIn({ env, cwd, inside, words: taskOn('filesystem') });
    expect(status, text).toBe(0);
    expect(outcomes()).toEqual(['terminated']);
    expect(readdirSync(cwd), 'nothing is left there').toEqual([]);
  },
);
