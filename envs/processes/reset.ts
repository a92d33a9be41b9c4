import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WorldFailure } from '../../core/errors.ts';
import type { ServerDefinition } from '../server-definition.ts';
import { callDeadlineOf } from './deadlines.ts';
import { programIn } from './launch.ts';
import { conceal } from './secrets.ts';
import type { ServerFolders } from './server-folders.ts';

/** Whether a user's own server gets a new process for each episode; those of the catalogue do not. */
export const startsAnew = ({ own }: ServerDefinition): boolean =>
  own !== undefined && (own.source.block.reset ?? 'restart') === 'restart';

const run = promisify(execFile);
const MOST_SHOWN = 500;

/**
 * Runs the command, if any, that a user gave to make a server ready for the next episode, with the server's own environment.
 * @throws WorldFailure where it does not end with 0 in time.
 */
export async function runReset(
  definition: ServerDefinition,
  folders: ServerFolders,
  callDeadlineMilliseconds: number,
): Promise<boolean> {
  const words = definition.own?.reset;
  if (!words) return false;
  const { command, arguments: args, folder, environment } = programIn(definition, folders, words);
  try {
    const timeout = callDeadlineOf(definition, callDeadlineMilliseconds);
    await run(command, args, { cwd: folder, env: environment, timeout, killSignal: 'SIGKILL' });
    return true;
  } catch (error) {
    const { stderr = '', message, killed } = error as Error & { readonly stderr?: string; readonly killed?: boolean };
    const why = killed ? 'it did not end in time' : stderr.trim().slice(-MOST_SHOWN) || message;
    throw new WorldFailure(conceal(`The reset command of server ${definition.name} failed: ${why}`), { cause: error });
  }
}
