import {
  accessSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';

/** Of all that is copied into a server's world together: every episode starts from it. */
export const MOST_COPIED_BYTES = 32 * 2 ** 20;
export const MOST_COPIED_FILES = 5000;

/** A real file or folder with all that is to be copied of it. */
export interface RealFiles {
  /** Paths below it, of folders with a `/` at the end; '' is the file itself. */
  readonly files: readonly { readonly path: string; readonly real: string }[];
  readonly bytes: number;
  /** Links that lead out of it, and what is neither file nor folder. */
  readonly leftOut: number;
}

interface Room {
  bytes: number;
  files: number;
}

export const wholeRoom = (): Room => ({ bytes: MOST_COPIED_BYTES, files: MOST_COPIED_FILES });

/**
 * Looks through a file or folder; `room` shrinks by what it holds. Packages (`node_modules`) are left out: whoever runs one
 * from there finds it where it is.
 */
export function realFiles(path: string, room: Room): RealFiles | { readonly fault: string } {
  const files: { path: string; real: string }[] = [];
  let leftOut = 0;
  const before = room.bytes;
  const take = (below: string, real: string): string | undefined => {
    const { size } = statSync(real);
    accessSync(real, constants.R_OK);
    room.bytes -= size;
    room.files -= 1;
    files.push({ path: below, real });
    return room.bytes < 0 || room.files < 0 ? tooLarge : undefined;
  };
  const look = (below: string, real: string): string | undefined => {
    const entries = readdirSync(real, { withFileTypes: true });
    if (below !== '') files.push({ path: below, real });
    room.files -= 1;
    if (room.files < 0) return tooLarge;
    for (const entry of entries) {
      const inner = join(real, entry.name);
      const target = entry.isSymbolicLink() ? linkedFile(inner, path) : entry;
      let fault: string | undefined;
      if (target?.isDirectory()) {
        if (entry.name !== 'node_modules') fault = look(`${below}${entry.name}/`, inner);
      } else if (target?.isFile()) fault = take(below + entry.name, inner);
      else leftOut++;
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
  try {
    const top = statSync(path);
    if (!top.isFile() && !top.isDirectory()) return { fault: 'is neither file nor folder' };
    const fault = top.isFile() ? take('', path) : look('', path);
    return fault === undefined ? { files, bytes: before - room.bytes, leftOut } : { fault };
  } catch (error) {
    return { fault: `cannot be read (${messageOf(error)})` };
  }
}

const tooLarge = `is too large to copy (more than ${MOST_COPIED_BYTES / 2 ** 20} MiB or ${MOST_COPIED_FILES} files in all)`;

/** What a link leads to, where that is a file below the same folder. */
function linkedFile(link: string, root: string) {
  try {
    const real = realpathSync(link);
    const found = lstatSync(real);
    return found.isFile() && real.startsWith(`${realpathSync(root)}/`) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Copies what was found to a path. */
export function copyFiles({ files }: RealFiles, to: string): void {
  if (files[0]?.path !== '') mkdirSync(to, { recursive: true });
  for (const { path, real } of files) {
    const target = path === '' ? to : join(to, path);
    mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true });
    if (!path.endsWith('/')) copyFileSync(real, target);
  }
}
