import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import { cacheFolder } from '../world-places.ts';

/** An npm package without dependencies that is added on request, and is always these bytes. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  /** As npm's lock has it: `sha512-` and the hash of the archive in Base64. */
  readonly integrity: string;
}

/** The `node_modules` in which it lies once it is added, below the user's cache. */
export const pinnedRoot = ({ name, version }: PinnedPackage): string =>
  join(cacheFolder(), 'packages', `${basename(name)}-${version}`, 'node_modules');

export const isAdded = (pinned: PinnedPackage): boolean =>
  existsSync(join(pinnedRoot(pinned), pinned.name, 'package.json'));

/**
 * Adds it to the user's cache by npm, whose lock refuses any other bytes; it is there whole or not at all.
 * @throws UsageError where npm is missing or does not succeed.
 */
export function addPinned(pinned: PinnedPackage): void {
  const folder = dirname(pinnedRoot(pinned));
  mkdirSync(dirname(folder), { recursive: true });
  const part = mkdtempSync(`${folder}.part-`);
  try {
    writeLock(part, pinned);
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { error, status, stderr } = spawnSync('npm', ['ci', '--prefix', part, ...flags], {
      cwd: part,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const what = `${pinned.name} ${pinned.version} could not be added to ${folder}`;
    if (error) throw new UsageError(`${what}: npm cannot be started (${messageOf(error)}). Install npm and try again.`);
    if (status !== 0) throw new UsageError(`${what}. npm says: ${stderr.trim()}`);
    // Another process may have added the same meanwhile.
    if (!isAdded(pinned)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(part, folder);
    }
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function writeLock(folder: string, { name, version, integrity }: PinnedPackage): void {
  const dependencies = { [name]: version };
  const packages = { '': { dependencies }, [`node_modules/${name}`]: { version, integrity } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
}
