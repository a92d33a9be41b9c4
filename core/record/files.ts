import { mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';

/** A sentence for a failed write; the cause of most is a full disk or a folder one may not write to. */
export function writeFailure(path: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code;
  const cure =
    code === 'ENOSPC'
      ? 'the disk is full: free some space and re-run the same command; finished episodes are kept'
      : code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'it may not be written: choose another folder with --out or change its rights'
        : messageOf(error);
  return new UsageError(`Cannot write ${path}: ${cure}.`, { cause: error });
}

/** Makes a folder and proves that one may write in it. Throws `UsageError`. */
export function writableFolder(path: string): string {
  return writing(path, () => {
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

/** Runs `work` on `path`; what goes wrong in it becomes a sentence about that path. */
export function writing<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw writeFailure(path, error);
  }
}
