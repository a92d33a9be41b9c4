import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from './errors.ts';

/** A sentence for a failed write; the cause of most is a full disk or a folder one may not write to. */
function writeFailure(path: string, error: unknown): UsageError {
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
  try {
    mkdirSync(path, { recursive: true });
    const probe = join(path, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    unlinkSync(probe);
  } catch (error) {
    throw writeFailure(path, error);
  }
  return path;
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
 * Opens or makes a line file. A torn last line is an episode still owed: it is cut off. A broken line before the last is
 * a corrupt record. Throws `UsageError`.
 */
export function openLineFile(path: string, keyOf: (value: unknown) => string): LineFile {
  const places = new Map<string, { readonly start: number; readonly length: number }>();
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  let end = 0;
  for (let line = 1, next = bytes.indexOf(10); next >= 0; line++, next = bytes.indexOf(10, end)) {
    places.set(keyOfLine(bytes.subarray(end, next), path, line, keyOf), { start: end, length: next + 1 - end });
    end = next + 1;
  }
  let descriptor: number;
  try {
    descriptor = openSync(path, existsSync(path) ? 'r+' : 'w+');
    ftruncateSync(descriptor, end);
  } catch (error) {
    throw writeFailure(path, error);
  }
  const append = (key: string, line: string) => {
    if (places.has(key)) return;
    const chunk = Buffer.from(`${line}\n`);
    try {
      for (let done = 0; done < chunk.length;)
        done += writeSync(descriptor, chunk, done, chunk.length - done, end + done);
    } catch (error) {
      ftruncateSync(descriptor, end);
      throw writeFailure(path, error);
    }
    places.set(key, { start: end, length: chunk.length });
    end += chunk.length;
  };
  const sort = (compare: (a: string, b: string) => number) => {
    const next = `${path}.next`;
    rmSync(next, { force: true });
    try {
      for (const key of [...places.keys()].sort(compare)) {
        const { start, length } = places.get(key) as { start: number; length: number };
        const line = Buffer.alloc(length);
        readSync(descriptor, line, 0, length, start);
        appendFileSync(next, line);
      }
      if (existsSync(next)) renameSync(next, path);
    } catch (error) {
      rmSync(next, { force: true });
      throw writeFailure(path, error);
    }
  };
  return { has: (key) => places.has(key), append, size: () => places.size, sort, close: () => closeSync(descriptor) };
}

function keyOfLine(line: Uint8Array, path: string, number: number, keyOf: (value: unknown) => string): string {
  try {
    return keyOf(JSON.parse(Buffer.from(line).toString()));
  } catch (error) {
    throw new UsageError(
      `${path}, line ${number}, is not a record of this run (${messageOf(error)}). ` +
        'Delete that line to have its episode done again, or start afresh with --fresh.',
    );
  }
}

/**
 * Takes the run folder for this process; a folder in use by a live process is refused. Returns the release. The lock of a
 * dead process is taken over.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  for (;;) {
    try {
      const descriptor = openSync(path, 'wx');
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(path, error);
      const owner = Number(readFileSync(path, 'utf8'));
      if (isAlive(owner)) {
        throw new UsageError(
          `${folder} is in use by process ${owner}. Wait for it, or give another folder with --out.`,
        );
      }
      rmSync(path, { force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
