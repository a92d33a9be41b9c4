import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where programs lie when the user's environment does not say, and for servers, which see nothing of it. */
export const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/** What a sandboxed program needs of the system; those that exist are bound read-only. */
export const SYSTEM_FOLDERS = ['/usr', '/bin', '/lib', '/lib64', '/lib32', '/etc/ld.so.cache', '/etc/localtime'];

/** What was found, by the PATH that was searched. */
const workingPrograms = new Map<string, string | null>();

/** Path of a bubblewrap that works here, or `null`. Tried once per process and PATH. */
export function bubblewrap(): string | null {
  const path = process.env['PATH'] ?? SYSTEM_PATH;
  const earlier = workingPrograms.get(path);
  if (earlier !== undefined) return earlier;
  const program = findProgram('bwrap', path);
  const working = program !== null && works(program) ? program : null;
  workingPrograms.set(path, working);
  return working;
}

function findProgram(name: string, searched: string): string | null {
  for (const folder of searched.split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}

function works(program: string): boolean {
  const probe = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-pid', '--unshare-net', 'true'];
  return spawnSync(program, probe, { stdio: 'ignore', timeout: 5000 }).status === 0;
}
