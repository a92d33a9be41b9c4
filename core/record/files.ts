import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { eachLine, type Place } from './lines.ts';

/** A sentence for a failed write; the cause of most is a full disk or a folder one may not write to. */
export function writeFailure(path: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code;
  const cure =
    code === 'ENOSPC'
      ? 'the disk is full: free some space and give the same command again, finished episodes are kept'
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'it may not be written: choose another folder with --out or change its rights'
        : messageOf(error);
  return new UsageError(`Cannot write ${path}: ${cure}.`, { cause: error });
}

/** Makes a folder and proves that one may write in it. Throws `UsageError`. */
export function writableFolder(path: string): string {
  return attempt(path, () => {
    mkdirSync(path, { recursive: true });
    const probe = join(path, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    unlinkSync(probe);
    return path;
  });
}

/** Writes a whole file so that a reader sees the old or the new one, never half. Throws `UsageError`. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const next = `${path}.next`;
  try {
    writeFileSync(next, content);
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw writeFailure(path, error);
  }
}

/** An append-only file of JSON lines with one line per key. */
export interface LineFile {
  readonly has: (key: string) => boolean;
  /** Appends a line at once; a key written before is left as it is. */
  readonly append: (key: string, line: string) => void;
  readonly size: () => number;
  /** Rewrites the file in the order of `compare` over keys. */
  readonly sort: (compare: (a: string, b: string) => number) => void;
  readonly close: () => void;
}

/**
 * Opens or makes a line file. A torn last line is an episode still owed, and so is a line whose `keyOf` is null: both are
 * cut off. A broken line before the last is a corrupt record. Throws `UsageError`.
 */
export function openLineFile(path: string, keyOf: (value: unknown) => string | null): LineFile {
  let places = new Map<string, Place>();
  let end = 0;
  let isWhole = true;
  eachLine(path, (line, place, number) => {
    const key = keyOfLine(line, path, number, keyOf);
    if (key === null) isWhole = false;
    else places.set(key, place);
    end = place.start + place.length + 1;
  });
  let descriptor = attempt(path, () => {
    const opened = openSync(path, existsSync(path) ? 'r+' : 'w+');
    ftruncateSync(opened, end);
    return opened;
  });
  const append = (key: string, line: string) => {
    if (places.has(key)) return;
    const chunk = Buffer.from(`${line}\n`);
    try {
      writeAll(descriptor, chunk, end);
    } catch (error) {
      ftruncateSync(descriptor, end);
      throw writeFailure(path, error);
    }
    places.set(key, { start: end, length: chunk.length - 1 });
    end += chunk.length;
  };
  const rewrite = (keys: readonly string[]) => {
    const next = `${path}.next`;
    const moved = new Map<string, Place>();
    let size = 0;
    attempt(path, () => {
      let target: number | undefined;
      try {
        target = openSync(next, 'w+');
        for (const key of keys) {
          const { start, length } = places.get(key) as Place;
          const line = Buffer.alloc(length + 1);
          readSync(descriptor, line, 0, length + 1, start);
          writeAll(target, line, size);
          moved.set(key, { start: size, length });
          size += length + 1;
        }
        renameSync(next, path);
      } catch (error) {
        if (target !== undefined) closeSync(target);
        rmSync(next, { force: true });
        throw error;
      }
      closeSync(descriptor);
      descriptor = target;
    });
    [places, end] = [moved, size];
  };
  if (!isWhole) rewrite([...places.keys()]);
  return {
    has: (key) => places.has(key),
    append,
    size: () => places.size,
    sort: (compare) => rewrite([...places.keys()].sort(compare)),
    close: () => closeSync(descriptor),
  };
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length;)
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}

/** Runs `work`; what goes wrong in it becomes a sentence about `path`. */
function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw writeFailure(path, error);
  }
}

function keyOfLine(
  line: Buffer,
  path: string,
  number: number,
  keyOf: (value: unknown) => string | null,
): string | null {
  try {
    return keyOf(JSON.parse(line.toString()));
  } catch (error) {
    throw new UsageError(
      `${path}, line ${number}, is not a record of this run (${messageOf(error)}). ` +
        'Delete that line to have its episode done again, or start afresh with --fresh.',
    );
  }
}
