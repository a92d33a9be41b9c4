import { lstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** As many links in a row as Linux follows. */
const MOST_LINKS = 40;

/**
 * Where an absolute path leads once every symbolic link on the way is followed, also where nothing lies there yet and where a
 * link leads to nothing; undefined where links go round in a circle.
 */
export function realPath(path: string, links = 0): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    if (links > MOST_LINKS) return undefined;
    const parent = dirname(path);
    if (parent === path) return path;
    const realParent = realPath(parent, links);
    if (realParent === undefined) return undefined;
    const target = linkTarget(path);
    return target === undefined ? join(realParent, basename(path)) : realPath(resolve(realParent, target), links + 1);
  }
}

/** What a symbolic link says; undefined for whatever is none. A name that no file can have is none. */
function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a path is a folder or lies below it, both written without a trailing slash and without links. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Whether a path, with its links followed, stays within a folder. */
export function staysWithin(path: string, folder: string): boolean {
  const real = realPath(path);
  return real !== undefined && isWithin(real, realpathSync.native(folder));
}
