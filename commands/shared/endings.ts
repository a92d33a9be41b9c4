import { CommanderError } from 'commander';
import { messageOf, UsageError } from '../../core/errors.ts';
import { Interrupted } from '../../core/run/run-jobs.ts';

/** Every failure is a sentence on standard error, and an exit code that says whose it is. */
export function failWith(error: unknown): void {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (error instanceof Interrupted) process.exitCode = 130;
  else if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  } else {
    const stack = error instanceof Error ? (error.stack ?? '') : '';
    process.stderr.write(`This is a fault of Toolstone's own: ${messageOf(error)}\n${stack}\n`);
    process.exitCode = 70;
  }
}

/** What no promise carries ends the process by the same rules; a reader that went away (`| head`) is no failure. */
export function endWell(): void {
  process.once('uncaughtException', (error) => {
    failWith(error);
    process.exit();
  });
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}
