import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFault, pinnedOf, serverPackage } from '../../envs/processes/packages.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/servers.md');
const definitions = serverNames.map(serverDefinition);

test('docs/servers.md has a row for each server, with what its definition says', () => {
  const rows = [...page.matchAll(/^\| `([\w-]+)` \| (.*) \|$/gm)].map(([, name, rest = '']) => {
    const [source, licence, tools, installed, state, wall] = rest.split(' | ');
    return [name, source, licence, Number(tools), installed, state === 'none' ? 'none' : 'some', wall];
  });
  const { packages } = JSON.parse(read('npm-shrinkwrap.json')) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  const expected = definitions.map((one) => {
    const version = one.onRequest?.version ?? packages[`node_modules/${one.package}`]?.version;
    const tools = one.expectedTools - one.withheld.length;
    const installed = one.onRequest ? `${one.onRequest.megabytes} MB` : 'with Toolstone';
    const state = one.facts === null ? 'none' : 'some';
    const wall = one.needsWall === undefined ? 'any' : 'strict wall';
    return [one.name, `${one.package} ${version}`, one.licence, tools, installed, state, wall];
  });
  expect(rows).toEqual(expected);
  const total = expected.reduce((sum, [, , , tools]) => sum + Number(tools), 0);
  expect(page).toContain(`Together these are ${expected.length} servers with ${total} tools.`);
  expect(expected.length).toBeGreaterThanOrEqual(25);
  expect(total).toBeGreaterThanOrEqual(330);
});

const FREE = ['Apache-2.0', 'ISC', 'MIT'];

test('every licence allows every use, and is what the package says of itself', () => {
  for (const one of definitions) {
    expect(FREE, one.name).toContain(one.licence);
    if (packageFault(one) !== undefined) continue;
    const manifest = JSON.parse(readFileSync(join(serverPackage(one).folder, 'package.json'), 'utf8')) as {
      readonly license?: string;
    };
    // Where it names none, or a file, that file or its page says MIT.
    if (FREE.includes(manifest.license ?? '')) expect(manifest.license, one.name).toBe(one.licence);
  }
});

test('a lock pins its server, and the bytes of each package that it holds', () => {
  for (const one of definitions) {
    const pinned = pinnedOf(one);
    if (!pinned) continue;
    const { '': wanted, ...rest } = pinned.packages;
    expect(wanted?.dependencies, one.name).toEqual({ [one.package]: pinned.version });
    expect(rest[`node_modules/${one.package}`]?.version, one.name).toBe(pinned.version);
    for (const [place, { version, integrity }] of Object.entries(rest))
      expect([place, version, integrity]).toEqual([
        expect.stringMatching(/^node_modules\//),
        expect.stringMatching(/^\d/),
        expect.stringMatching(/^sha512-/),
      ]);
    for (const name of pinned.builds ?? []) expect(Object.keys(rest), one.name).toContain(`node_modules/${name}`);
  }
});
