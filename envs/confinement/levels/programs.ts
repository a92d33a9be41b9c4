import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { asItIs, type Box, type Wall } from './wall.ts';

/** Where programs lie when the user's environment does not say, and for servers, which see nothing of it. */
export const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/** What programs of the system need, those among them that exist: all of it can be read by everybody. */
export const systemFolders = (): string[] => SYSTEM_FOLDERS.filter((path) => existsSync(path));

const SYSTEM_FOLDERS = [
  '/usr',
  '/bin',
  '/lib',
  '/lib64',
  '/lib32',
  '/opt',
  '/nix/store',
  '/gnu/store',
  '/etc/alternatives',
  '/etc/ld.so.cache',
  '/etc/localtime',
  // Node looks for the settings of OpenSSL, and ends where they are there and closed to it.
  '/etc/ssl/openssl.cnf',
  '/etc/pki/tls/openssl.cnf',
  '/etc/crypto-policies',
];

export const searchPath = (): string => process.env['PATH'] ?? SYSTEM_PATH;

/** Path of a program that PATH finds, or `null`. */
export function findProgram(name: string): string | null {
  for (const folder of searchPath().split(delimiter)) {
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

/** Every wall is made of what the Linux kernel offers. */
export const hasWalls = (): boolean => process.platform === 'linux';

/** What was found out, by level and the PATH that was searched. */
const faults = new Map<string, string | undefined>();

const PROBE_MILLISECONDS = 10_000;

/** Why a level does not work, found out once per process and PATH: by a box of its kind in which a program is really run. */
export function faultByTrial(level: string, missing: () => string | undefined, wrap: Wall['wrap']): string | undefined {
  if (!hasWalls()) return 'only Linux has it';
  const key = `${level}:${searchPath()}`;
  if (!faults.has(key)) faults.set(key, missing() ?? failureIn(wrap));
  return faults.get(key);
}

function failureIn(wrap: Wall['wrap']): string | undefined {
  const readable = [...systemFolders(), dirname(process.execPath)].map(asItIs);
  const box: Box = { folder: '/', writable: [], readable, network: false };
  const [program, ...args] = wrap(box, [process.execPath, '-e', '0']) as [string, ...string[]];
  const { status, stderr, error } = spawnSync(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: PROBE_MILLISECONDS,
  });
  if (status === 0) return undefined;
  return (stderr ?? '').trim().split('\n').at(-1) || error?.message || `its trial ended with ${status ?? 'a signal'}`;
}
