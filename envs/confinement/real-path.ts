import { lstatSync, readlinkSync, realpathSync, type Stats } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';

/** As many links in a row as Linux follows. */
const MOST_LINKS = 40;

/**
 * Where an absolute path leads once every symbolic link on the way is followed, also where nothing lies there yet and where a
 * link leads to nothing; undefined where links go round in a circle. It is taken as it stands: behind a link `..` is not the
 * way back.
 */
function realPath(path: string, links = 0): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    if (links > MOST_LINKS) return undefined;
    const parent = dirname(path);
    if (parent === path) return path;
    const realParent = realPath(parent, links);
    if (realParent === undefined) return undefined;
    return statsOf(path)?.isSymbolicLink()
      ? realPath(joined(realParent, readlinkSync(path)), links + 1)
      : join(realParent, basename(path));
  }
}

/** A path that counts from a folder, as it stands: `join` would take `..` for the way back. */
const joined = (folder: string, path: string) => (isAbsolute(path) ? path : `${folder}/${path}`);

/** Whether a path is a folder or lies below it, both written without a trailing slash and without links. */
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Whether a path, with its links followed, stays within a folder. Both are absolute, without trailing slash. */
export function staysWithin(path: string, folder: string): boolean {
  if (isWithin(path, folder) && !hasLink(path, folder)) return true;
  return leadsWithin(folder, path, folder);
}

/** Whether a path that a file or a link holds, and that counts from the folder `from`, leads into `folder`. */
export function leadsWithin(from: string, path: string, folder: string): boolean {
  // Programs in C end a path at its first zero byte.
  const real = path.includes('\0') ? undefined : realPath(joined(from, path));
  return real !== undefined && isWithin(real, realpathSync.native(folder));
}

/** Whether a link lies on the way from a folder to a path below it: the common case, without an exception for what is missing. */
function hasLink(path: string, folder: string): boolean {
  let at = folder;
  for (const part of path.slice(folder.length + 1).split('/')) {
    at += `/${part}`;
    const stats = statsOf(at);
    if (!stats) return false;
    if (stats.isSymbolicLink()) return true;
  }
  return false;
}

/** Nothing for a name that no file has, or can have. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
