import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Tool, World } from '../../core/types.ts';
import { housePool } from '../../envs/distractors/pool.ts';
import { keptFault, keptListFile, listedToolList, readKeptList, writeKeptList } from '../../envs/listed/kept-list.ts';
import { isPermissive, type ListedSource } from '../../envs/listed/source.ts';
import { listedSources } from '../../envs/listed/sources.ts';
import { listedNames, listing, serverDefinition, serverNames } from '../../envs/server-list.ts';
import { describeServer, toolspaceOf } from '../../envs/toolspaces.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { processesWith } from './processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'toolstone-listed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const github = listedSources.find(({ name }) => name === 'github') as ListedSource;

describe.each(listedSources.filter(isPermissive).map((source) => [source.name, source] as const))(
  'the listed server %s',
  (name, source) => {
    test('has the list of its pinned version, with its licence beside it', () => {
      const { package: of, version, licence, integrity, date } = readKeptList(source);
      expect({ package: of, version, licence }).toEqual({
        package: source.package,
        version: source.version,
        licence: source.licence,
      });
      expect(integrity).toMatch(/^sha512-/);
      expect(date).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(existsSync(keptListFile(source).replace('.json.br', '.LICENCE.txt'))).toBe(true);
      const { tools } = listedToolList(source);
      expect(tools.length).toBeGreaterThan(0);
      expect(tools.every(({ server }) => server === name)).toBe(true);
    });
  },
);

test('every listed server is named once, in order, and none by its path', () => {
  const names = listedSources.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
  for (const { name, summary } of listedSources) {
    expect(name).toMatch(/^[a-z0-9-]+$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
  }
});

test('what the catalogue says of a server that it adds on request is written once', () => {
  const file = new URL('../../envs/listed/sources.json', import.meta.url);
  for (const entry of JSON.parse(readFileSync(file, 'utf8')) as readonly Partial<ListedSource>[]) {
    const { name = '', summary } = entry;
    if (listedNames.includes(name)) continue;
    const definition = serverDefinition(name);
    for (const said of ['package', 'version', 'licence']) expect(entry, name).not.toHaveProperty(said);
    expect(summary, name).not.toBe(definition.summary);
    const { package: packageName, version, licence } = listedSources.find((one) => one.name === name) ?? {};
    expect([packageName, version, licence]).toEqual([
      definition.package,
      definition.onRequest?.version,
      definition.licence,
    ]);
  }
});

test('the catalogue goes before listed servers of its names', () => {
  expect(listedNames.filter((name) => serverNames.includes(name))).toEqual([]);
  for (const name of serverNames) expect(serverDefinition(name).listed).toBeUndefined();
});

const isDrawnLast = (name: string) => serverDefinition(name).listed?.source.isDrawnLast === true;

const sizeOf = (names: readonly string[]) => JSON.stringify(toolspaceOf(names).tools).length;

test('the schemas of what is drawn last are larger than those of all other servers together', () => {
  const pool = housePool(new Set());
  listing(pool, () => {
    const last = pool.filter(isDrawnLast);
    expect(last).toHaveLength(1);
    expect(sizeOf(last)).toBeGreaterThan(sizeOf(pool.filter((name) => !isDrawnLast(name))));
  });
});

test('there are 2,100 tools to draw from without the largest server, and what the catalogue offers is counted rightly', () => {
  const pool = housePool(new Set()).filter((name) => !isDrawnLast(name));
  expect(pool).not.toContain('email');
  listing(pool, () => {
    expect(toolspaceOf(pool).tools.length).toBeGreaterThanOrEqual(2_100);
    for (const name of pool.filter((one) => serverNames.includes(one))) {
      const { expectedTools, listed, withheld } = serverDefinition(name);
      if (!listed) expect(toolspaceOf([name]).tools.length, name).toBe(expectedTools - withheld.length);
    }
  });
});

/** Calls two servers that run; how many processes there are then, and the hash of the state before. */
async function callTwo(world: World) {
  const sum = await world.call('calc', 'math', { expression: '(3+4)*6' });
  await world.call('time', 'get_week_year', {});
  return { sum: sum.text, processes: processesWith('', process.pid).length, startHash: world.startHash };
}

test('a world with all listed servers has no more processes and state than one without, and answers alike each time', async () => {
  const listed = listedSources.filter((source) => isPermissive(source) && listedNames.includes(source.name));
  const two = ['calc', 'time'];
  const pool = openWorldPool({ lanes: 1 });
  onTestFinished(() => pool.dispose());
  const alone = await pool.use({ servers: two, files: {} }, 1, (world) => callTwo(world));
  const servers = [...listed.map(({ name }) => name), ...two];
  const play = () =>
    pool.use({ servers, files: {} }, 1, async (world) => {
      expect(await callTwo(world)).toEqual(alone);
      const answers = await Promise.all(
        listed.map(({ name }) => world.call(name, toolspaceOf([name]).tools[0]?.name ?? '', {})),
      );
      expect(await world.evidence()).toEqual({});
      return answers;
    });
  const gone = { text: 'Connection closed', isError: true };
  expect(await play()).toEqual(listed.map(({ answer = gone }) => answer));
  expect(await play()).toEqual(await play());
});

test('a manifest says of a listed server that it is one', () => {
  expect(describeServer('github')).toMatchObject({
    package: `${github.package}@${github.version}`,
    listed: true,
    tools: 26,
  });
});

test('an installed server that lists other tools than the kept ones is told, with those that differ', () => {
  const { tools } = listedToolList(github);
  expect(keptFault(github, { tools })).toBeUndefined();
  const [first, ...rest] = tools as [Tool, ...Tool[]];
  expect(keptFault(github, { tools: [{ ...first, description: 'Otherwise.' }, ...rest] })).toBe(
    `Server github lists other tools than ${github.package} ${github.version} does (${first.name} differ), so its package is ` +
      'not the pinned one.',
  );
  expect(keptFault(github, { tools: [] })).toContain(' … differ)');
});

describe('a kept file', () => {
  test('that cannot be read is told with the cure', () => {
    const file = join(folder, 'torn.json.br');
    writeFileSync(file, 'torn');
    expect(() => readKeptList(github, file)).toThrow(UsageError);
    expect(() => readKeptList(github, file)).toThrow(
      /^The kept list of the server github cannot be read from .*torn\.json\.br: .*\. It is a part of Toolstone: restore it by installing Toolstone again\.$/,
    );
  });

  test('without a list is told', () => {
    const file = join(folder, 'empty.json.br');
    writeFileSync(file, brotliCompressSync('null'));
    expect(() => readKeptList(github, file)).toThrow('empty.json.br: it holds no tools. It is a part of Toolstone');
  });

  test('of another version is told', () => {
    const file = join(folder, 'other.json.br');
    writeKeptList(file, { ...readKeptList(github), version: '0.0.1' });
    expect(() => readKeptList(github, file)).toThrow(
      `The kept list of the server github in ${file} is of ${github.package} 0.0.1, not of ${github.package} ${github.version}.`,
    );
  });

  test('of a licence that does not let it come along is made on its user’s machine', () => {
    const email = listedSources.find(({ name }) => name === 'email') as ListedSource;
    expect(isPermissive(email)).toBe(false);
    expect(() => readKeptList(email, join(folder, 'nothing.json.br'))).toThrow(
      /Make it with "toolstone servers install email"\.$/,
    );
  });
});
