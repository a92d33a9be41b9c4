import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { Files } from '../../core/types.ts';
import { contentOf } from '../../envs/state/files/binary.ts';

/** Larger fixtures belong into a set-up call: every episode starts from a copy. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_FILES = 10_000;

/** The files of a fixture folder, or what is wrong with it in words that follow its name. */
export type FixtureFolder = { readonly files: Files } | { readonly fault: string };

/**
 * Reads a folder named in a task file. It must lie in the task file's own folder, symbolic links followed, and hold
 * nothing but folders and files, so that no task file can bring in what lies elsewhere.
 */
export function readFixtureFolder(name: string, home: string): FixtureFolder {
  if (isAbsolute(name)) return { fault: 'must be given from the folder of the task file, not from the root' };
  let folder: string;
  try {
    folder = realpathSync(join(home, name));
    if (!lstatSync(folder).isDirectory()) return { fault: 'is no folder' };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { fault: isMissing ? 'is not there: it is looked for beside the task file' : messageOf(error) };
  }
  const way = relative(realpathSync(home), folder);
  if (way === '..' || way.startsWith('../') || isAbsolute(way))
    return { fault: 'leads out of the folder of the task file; fixtures must lie in it' };
  const files: Record<string, string> = {};
  const room = { bytes: MOST_BYTES, files: MOST_FILES };
  const fault = readInto(files, folder, '', room);
  return fault === undefined ? { files } : { fault };
}

function readInto(
  files: Record<string, string>,
  root: string,
  below: string,
  room: { bytes: number; files: number },
): string | undefined {
  let entries;
  try {
    entries = readdirSync(join(root, below), { withFileTypes: true });
  } catch (error) {
    return messageOf(error);
  }
  if (entries.length === 0 && below !== '') files[below] = '';
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below + entry.name;
    if (entry.isDirectory()) {
      const fault = readInto(files, root, `${path}/`, room);
      if (fault !== undefined) return fault;
    } else {
      const text = entry.isFile() ? readContent(join(root, path), room) : { fault: 'is neither file nor folder' };
      if (typeof text !== 'string') return `holds ${path}, which ${text.fault}`;
      files[path] = text;
    }
  }
  return undefined;
}

function readContent(path: string, room: { bytes: number; files: number }): string | { readonly fault: string } {
  try {
    room.bytes -= lstatSync(path).size;
    room.files -= 1;
    if (room.bytes < 0) return { fault: `brings the folder over ${MOST_BYTES / 2 ** 20} MiB` };
    if (room.files < 0) return { fault: `brings the folder over ${MOST_FILES} files` };
    return contentOf(readFileSync(path));
  } catch (error) {
    return { fault: messageOf(error) };
  }
}
