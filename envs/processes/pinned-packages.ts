import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { cacheFolder } from '../world-places.ts';
import { npm } from './npm.ts';

/** One package as npm's lock has it, as far as an install needs that. */
export interface LockedPackage {
  /** Where it lies under another name than its own. */
  readonly name?: string;
  readonly version?: string;
  /** `sha512-` and the hash of the archive in Base64. */
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  /** An install goes on without it where it is for another system. */
  readonly optional?: boolean;
  readonly peer?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
}

/** By their places (`node_modules/NAME`), and at the place `''` what is asked for. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** An npm package that is added on request, and is always these bytes, as all are that it needs. */
export interface PinnedPackage {
  readonly name: string;
  readonly version: string;
  readonly packages: LockedPackages;
  /** Those whose native part is built here once they lie there; nothing else of what packages want to run is run. */
  readonly builds?: readonly string[];
}

/** A package that needs no other. */
export const loneEntry = (name: string, version: string, integrity: string): PinnedPackage => ({
  name,
  version,
  packages: { '': { dependencies: { [name]: version } }, [`node_modules/${name}`]: { version, integrity } },
});

/** Ends the name of a folder in which an install is at work. */
const PART = '.part-';

type Naming = Pick<PinnedPackage, 'name' | 'version'>;

/** The folder in the user's cache in which it lies once it is added, with all that it needs. */
export const pinnedFolder = ({ name, version }: Naming): string =>
  join(cacheFolder(), 'packages', `${basename(name)}-${version}`);

/** The `node_modules` in that folder. */
export const pinnedRoot = (naming: Naming): string => join(pinnedFolder(naming), 'node_modules');

/** The first of its packages that does not lie there, by its name; undefined where all do. */
export function missingPart(pinned: PinnedPackage, folder = pinnedFolder(pinned)): string | undefined {
  const missing = Object.entries(pinned.packages).find(
    ([place, { optional }]) => place !== '' && optional !== true && !existsSync(join(folder, place, 'package.json')),
  );
  return missing?.[0].replace(/^.*node_modules\//, '');
}

export const isAdded = (pinned: PinnedPackage): boolean => missingPart(pinned) === undefined;

/**
 * Adds it to the user's cache by npm, whose lock refuses any other bytes; it is there whole or not at all, and replaces what
 * is left of an earlier one.
 * @throws UsageError where npm is missing or does not succeed.
 */
export function addPinned(pinned: PinnedPackage): void {
  const folder = pinnedFolder(pinned);
  mkdirSync(dirname(folder), { recursive: true });
  const part = mkdtempSync(`${folder}${PART}`);
  try {
    writeLock(part, pinned);
    npm(part, ['ci', '--prefix', part, '--ignore-scripts'], whatFailed(pinned));
    const { builds = [] } = pinned;
    if (builds.length > 0) npm(part, ['rebuild', '--prefix', part, ...builds], whatFailed(pinned));
    const missing = missingPart(pinned, part);
    if (missing !== undefined) throw new UsageError(`${whatFailed(pinned)}: npm left out ${missing}.`);
    // Another process may have added the same meanwhile.
    if (!isAdded(pinned)) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(part, folder);
    }
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** Takes it away, with all that it needs and what an install left that was broken off; whether there was anything. */
export function removePinned(naming: Naming): boolean {
  const folder = pinnedFolder(naming);
  const beside = dirname(folder);
  const names = (existsSync(beside) ? readdirSync(beside) : []).filter(
    (name) => name === basename(folder) || name.startsWith(`${basename(folder)}${PART}`),
  );
  for (const name of names) rmSync(join(beside, name), { recursive: true, force: true });
  return names.length > 0;
}

const whatFailed = (pinned: PinnedPackage): string =>
  `${pinned.name} ${pinned.version} could not be added to ${pinnedFolder(pinned)}`;

function writeLock(folder: string, { packages }: PinnedPackage): void {
  const wanted = packages[''] ?? {};
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, ...wanted }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, requires: true, packages }));
}
