import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { isProcessAlive, processStart, processStartTime } from '../process-start.ts';
import { writeFailure } from './files.ts';

/*
 * Ours: that a run is whole hangs on it. Libraries for locks refresh a time stamp, and so take a lock from a process that was
 * only stopped for a while; here the process itself is asked for.
 */

/**
 * Takes the run folder for this process; a folder in use by a live process is refused. Returns the release. The lock of a
 * dead process is taken over; a file of that name that is no lock of ours is left alone. Throws `UsageError`.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock');
  for (;;) {
    try {
      const descriptor = openSync(path, 'wx');
      writeSync(descriptor, [process.pid, processStart(process.pid) ?? []].flat().join(' '));
      closeSync(descriptor);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeFailure(path, error);
      const text = settledText(path);
      if (!isLock(text)) throw new UsageError(`${path} is not a lock of Toolstone's. Give another folder with --out.`);
      refuseLive(folder, path, text);
      takeAway(folder, path);
    }
  }
}

/** Id of another live process that holds a run folder; `null` where none does. */
export function liveOwner(folder: string): number | null {
  const path = join(folder, 'lock');
  const text = textOf(path);
  return isLock(text) ? ownerIn(path, text) : null;
}

/** Empty while its owner makes it. */
const isLock = (text: string): boolean => /^(\d+( \d+)?)?$/.test(text);

const WAIT_MILLISECONDS = 20;
const MOST_WAITS = 10;

/** A lock is empty between its owner's making it and writing into it; one that stays empty was left by a crash there. */
function settledText(path: string): string {
  for (let waits = 0; ; waits++) {
    const text = textOf(path);
    if (text !== '' || waits === MOST_WAITS) return text;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MILLISECONDS);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // released while we looked
  }
}

function refuseLive(folder: string, path: string, text: string): void {
  const owner = ownerIn(path, text);
  if (owner !== null)
    throw new UsageError(`${folder} is in use by process ${owner}. Wait for it, or give another folder with --out.`);
}

/** A lock holds the id of its process and when that began; those of older versions the id alone. `null`: no other live process. */
function ownerIn(path: string, text: string): number | null {
  const [id, start = null] = text.split(' ');
  const pid = Number(id);
  if (pid === process.pid || !isProcessAlive(pid, start)) return null;
  return start === null && isYounger(pid, path) ? null : pid;
}

/** A clock may have been set since; who waited so long has lost nothing. */
const CLOCK_SLACK_MILLISECONDS = 3_600_000;

/** Whether a process began after a lock was written: then it has the id of another one that is gone. */
function isYounger(pid: number, path: string): boolean {
  const began = processStartTime(pid);
  const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return began !== null && written !== undefined && began > written + CLOCK_SLACK_MILLISECONDS;
}

/** Another process may have taken the dead lock over since we read it: then its lock is put back. */
function takeAway(folder: string, path: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // gone already
  }
  try {
    refuseLive(folder, aside, textOf(aside));
    rmSync(aside, { force: true });
  } catch (error) {
    renameSync(aside, path);
    throw error;
  }
}
