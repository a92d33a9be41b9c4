import { existsSync, rmSync } from 'node:fs';
import { UsageError } from '../../core/errors.ts';
import { keepListOf } from '../../envs/listed/keep.ts';
import { keptListFile, readKeptList, writeKeptList } from '../../envs/listed/kept-list.ts';
import { isPermissive, type ListedSource } from '../../envs/listed/source.ts';
import { additionOf } from '../../envs/processes/packages.ts';
import { print, shownPath, tell } from './printing.ts';

/**
 * What `toolstone servers install` does for a server that is listed and not run: it keeps the list where Toolstone may not bring
 * it along, anew where the file cannot be read or is of another version. Throws `UsageError` as `keepListOf` does.
 */
export async function installListed(source: ListedSource): Promise<void> {
  const file = keptListFile(source);
  const { name, package: packageName, version, licence } = source;
  if (!isReadable(source, file)) {
    tell(`Asking ${packageName} ${version} (${licence}) for its tools; the package is removed afterwards.`);
    const { list } = await keepListOf(source, new Date().toISOString().slice(0, 10));
    writeKeptList(file, list);
  }
  const { tools } = readKeptList(source, file);
  print(
    `The server ${name} is listed and not run: ${tools.length} tools of ${packageName} ${version} in ${shownPath(file)}.`,
  );
}

/** What `toolstone servers remove` does for such a server: it takes its list out of the user's cache, where one lies there. */
export function removeListed(source: ListedSource): void {
  const { name } = source;
  const file = keptListFile(source);
  if (isPermissive(source)) {
    print(
      `The server ${name} is listed and not run, and its list is a part of Toolstone: nothing of it is in the cache.`,
    );
  } else if (existsSync(file)) {
    rmSync(file);
    print(`The list of the server ${name} is removed. Make it again with: ${additionOf(name)}`);
  } else {
    print(`The list of the server ${name} is not in the cache: there is no ${shownPath(file)}.`);
  }
}

function isReadable(source: ListedSource, file: string): boolean {
  try {
    readKeptList(source, file);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
