import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LockedPackage } from '../../envs/processes/pinned-packages.ts';

/**
 * `node test/pack/lock-server.ts NAME PACKAGE@VERSION… [--optional PACKAGE@VERSION…]` writes `envs/server-locks/NAME.json`: what
 * npm would install today for a server that is added on request, a package a line. It needs the registry.
 */
const [name = '', ...words] = process.argv.slice(2);
const split = words.includes('--optional') ? words.indexOf('--optional') : words.length;
const asked = (specs: readonly string[]) =>
  Object.fromEntries(
    specs.map((spec) => [spec.slice(0, spec.lastIndexOf('@')), spec.slice(spec.lastIndexOf('@') + 1)]),
  );

const folder = mkdtempSync(join(tmpdir(), 'toolstone-lock-'));
const wanted = { dependencies: asked(words.slice(0, split)), optionalDependencies: asked(words.slice(split + 1)) };
writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, ...wanted }));
execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'], {
  cwd: folder,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};
rmSync(folder, { recursive: true });

/** What npm needs to lay the same tree again: where each lies, its bytes, what it needs and for which system it is. */
const KEPT = [
  'name',
  'version',
  'integrity',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'optional',
  'peer',
  'os',
  'cpu',
  'libc',
] satisfies (keyof LockedPackage)[];

const kept = (entry: LockedPackage): LockedPackage =>
  Object.fromEntries(KEPT.flatMap((key) => (entry[key] === undefined ? [] : [[key, entry[key]]])));

const lines = Object.entries(packages).map(
  ([place, entry]) => `${JSON.stringify(place)}: ${JSON.stringify(place === '' ? wanted : kept(entry))}`,
);
writeFileSync(new URL(`../../envs/server-locks/${name}.json`, import.meta.url), `{\n${lines.join(',\n')}\n}\n`);
