import { mkdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, UsageError } from '../core/errors.ts';

/** A folder below which worlds may live. */
export interface WorldPlace {
  /** For sentences. */
  readonly name: string;
  readonly path: string;
}

/** A variable that is set to nothing counts as absent, and so does a relative path, as their standard says. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value !== undefined && isAbsolute(value) ? value : undefined;
}

/** `/` for a user whom the system does not know and who has no HOME, as containers have it. */
function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

/** This user's folder for what may be thrown away. */
export const cacheFolder = (): string => join(variable('XDG_CACHE_HOME') ?? join(homeFolder(), '.cache'), 'toolstone');

/**
 * Why no world can live on this system, if so. On Windows checks of arguments do not hold, since they read paths as POSIX writes
 * them, and there are no process groups by which servers are ended.
 */
export const systemFault = (): string | undefined =>
  process.platform === 'win32'
    ? 'Toolstone starts no MCP servers on Windows, where it could neither keep them in their folders nor end all of their ' +
      'processes. Run it in the Windows Subsystem for Linux ("wsl --install" adds it).'
    : undefined;

/** @throws UsageError where no world can live on this system. */
export function requireWorlds(): void {
  const fault = systemFault();
  if (fault !== undefined) throw new UsageError(fault);
}

/** The best first: in memory, then what is the user's own, then wherever we are. Never the system's temporary folder. */
export function worldPlaces(): readonly WorldPlace[] {
  const runtime = variable('XDG_RUNTIME_DIR');
  return [
    { name: 'shared memory', path: '/dev/shm' },
    ...(runtime === undefined ? [] : [{ name: 'XDG_RUNTIME_DIR', path: runtime }]),
    { name: 'the cache', path: cacheFolder() },
    { name: 'HOME', path: homeFolder() },
    { name: 'the working directory', path: workingDirectory() },
    { name: "Toolstone's own folder", path: fileURLToPath(new URL('../', import.meta.url)) },
  ];
}

/** `''` where it was removed, which is no folder either. */
function workingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '';
  }
}

/** Its path without symbolic links, which servers may refuse; the cache is made where it is not there. */
export function realPlace({ path }: WorldPlace): { readonly path: string } | { readonly fault: string } {
  try {
    if (path === cacheFolder()) mkdirSync(path, { recursive: true });
    return { path: realpathSync(path) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}
