import { UsageError } from '../../core/errors.ts';
import { keepListOf } from '../../envs/listed/keep.ts';
import { keptListFile, readKeptList, writeKeptList } from '../../envs/listed/kept-list.ts';
import type { ListedSource } from '../../envs/listed/source.ts';
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

function isReadable(source: ListedSource, file: string): boolean {
  try {
    readKeptList(source, file);
    return true;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}
