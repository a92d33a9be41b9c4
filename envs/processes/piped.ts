import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { StartFailure } from './start-failure.ts';

/**
 * Starts a program. Where no more files may be open (EMFILE, ENFILE), Node returns a child without streams and tells the error
 * later; that is thrown here, as a `StartFailure`.
 */
export function spawnPiped<Child extends ChildProcess>(
  program: string,
  args: readonly string[],
  options: SpawnOptions,
): Child {
  const child = spawn(program, [...args], options);
  // The types do not know of such a child.
  if ((child.stdio as ChildProcess['stdio'] | undefined) === undefined) {
    child.once('error', () => undefined);
    throw new StartFailure(
      `${program} cannot be started, since too many files are open.`,
      'Raise the limit (ulimit -n 4096), or play fewer episodes at a time (--concurrency).',
    );
  }
  return child as Child;
}
