import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { ServerDefinition } from '../server-definition.ts';
import { type LockedPackages, missingPart, pinnedFolder, type PinnedPackage, pinnedRoot } from './pinned-packages.ts';

export interface InstalledPackage {
  readonly version: string;
  /** The package's own folder, and the `node_modules` that holds it. */
  readonly folder: string;
  readonly root: string;
  /** The same without symbolic links, which some package managers use. */
  readonly realRoot: string;
}

const packages = new Map<string, InstalledPackage>();

/** Finds an installed npm package by walking up from this file, which works whatever its `exports` say. */
export function installedPackage(name: string): InstalledPackage {
  const found = packageAbove(name);
  if (found) return found;
  throw new UsageError(absence(name));
}

type ServerPackage = Pick<ServerDefinition, 'name' | 'package' | 'onRequest'>;

/**
 * The package of a server: beside Toolstone's own, or in the user's cache where it is one that is added on request.
 * @throws UsageError where it is not there, with the command that adds it.
 */
export function serverPackage(server: ServerPackage): InstalledPackage {
  const found = foundPackage(server);
  if (found && isWhole(server, found)) return found;
  throw new UsageError(packageFault(server));
}

/** Whether a server's package is there with all that it needs; `half`: a part of what was once added has gone. */
export function packageState(server: ServerPackage): 'whole' | 'half' | 'absent' {
  const found = foundPackage(server);
  if (found && isWhole(server, found)) return 'whole';
  const { onRequest, package: name } = server;
  return onRequest && existsSync(pinnedFolder({ name, version: onRequest.version })) ? 'half' : 'absent';
}

/** Why a server cannot be started for want of its package, with the command that adds it; absent where it is there. */
export function packageFault(server: ServerPackage): string | undefined {
  const { name, package: packageName, onRequest } = server;
  const state = packageState(server);
  if (state === 'whole') return undefined;
  const pinned = pinnedOf(server);
  if (!onRequest || !pinned) return absence(packageName);
  return state === 'half'
    ? `The server ${name} is only half installed: ${missingPart(pinned)} is missing in ${pinnedFolder(pinned)}. ` +
        `Add it again with "${additionOf(name)}".`
    : `The server ${name} does not come with Toolstone and is not installed. Add it with ` +
        `"${additionOf(name)}" (${onRequest.megabytes} MB) and try again.`;
}

/** What is added where a server is asked for, read from its lock; undefined where it comes with Toolstone. */
export function pinnedOf({ package: name, onRequest }: ServerPackage): PinnedPackage | undefined {
  if (!onRequest) return undefined;
  const { version, lock, builds } = onRequest;
  const locked = JSON.parse(readFileSync(lock, 'utf8')) as LockedPackages;
  return { name, version, packages: locked, ...(builds ? { builds } : {}) };
}

function foundPackage({ package: name, onRequest }: ServerPackage): InstalledPackage | undefined {
  const beside = packageAbove(name);
  if (!onRequest) return beside;
  // A project may have another version of it for itself.
  if (beside?.version === onRequest.version) return beside;
  return packageIn(pinnedRoot({ name, version: onRequest.version }), name);
}

/** Folders of packages of which nothing was missing when somebody looked. */
const wholeFolders = new Set<string>();

/** Whether all is there that a server's package needs, looked for once where it lies in the cache. */
function isWhole(server: ServerPackage, { folder, root }: InstalledPackage): boolean {
  if (wholeFolders.has(folder)) return true;
  const pinned = pinnedOf(server);
  if (pinned && root === pinnedRoot(pinned) && missingPart(pinned) !== undefined) return false;
  wholeFolders.add(folder);
  return true;
}

const absence = (name: string): string => `The package ${name} is not installed. Run "npm ci" and try again.`;

/** The command that adds a server. */
export const additionOf = (server: string): string => `toolstone servers install ${server}`;

/** What to do where a server's package is there whole and is not the pinned one all the same: an install alone would leave it. */
export function renewalOf(server: ServerPackage): string {
  const { name, package: packageName, onRequest } = server;
  const isInCache =
    onRequest && foundPackage(server)?.root === pinnedRoot({ name: packageName, version: onRequest.version });
  return isInCache
    ? `Remove it with "toolstone servers remove ${name}", then add it again with "${additionOf(name)}".`
    : `Run "npm ci" and try again.`;
}

function packageAbove(name: string): InstalledPackage | undefined {
  for (let at = import.meta.dirname; ; at = dirname(at)) {
    const found = packageIn(join(at, 'node_modules'), name);
    if (found || at === dirname(at)) return found;
  }
}

function packageIn(root: string, name: string): InstalledPackage | undefined {
  const folder = join(root, name);
  const known = packages.get(folder);
  if (known) return known;
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const realRoot = realpathSync(folder).replace(/(node_modules)(?!.*[/\\]node_modules).*$/, '$1');
  const result = { version, folder, root, realRoot };
  packages.set(folder, result);
  return result;
}
