import type { ChildProcess } from 'node:child_process';
import { StartFailure } from './start-failure.ts';

/**
 * Throws a `StartFailure` where a program could not be started because no more files may be open (EMFILE, ENFILE): Node returns
 * a child without streams then, and tells the error later.
 */
export function refuseUnstarted(child: ChildProcess, program: string): void {
  // The types do not know of such a child.
  if ((child.stdio as ChildProcess['stdio'] | undefined) !== undefined) return;
  child.once('error', () => undefined);
  throw new StartFailure(
    `${program} cannot be started, since too many files are open.`,
    'Raise the limit (ulimit -n 4096), or play fewer episodes at a time (--concurrency).',
  );
}
