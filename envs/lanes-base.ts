import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf, UsageError } from '../core/errors.ts';

const SHARED_MEMORY = '/dev/shm';

/** This user's folder for what may be thrown away. */
export const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'toolstone');

/**
 * Folder below which worlds live: in memory where the system offers that, else in the user's cache. Never the system's
 * temporary directory, which some servers refuse.
 */
export function lanesBase(): string {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    return SHARED_MEMORY;
  } catch {
    return makeCacheFolder();
  }
}

function makeCacheFolder(): string {
  const folder = cacheFolder();
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const cure = 'Set XDG_CACHE_HOME to a folder that you may write to.';
    throw new UsageError(`The folder for worlds cannot be made: ${messageOf(error)}. ${cure}`, { cause: error });
  }
  return folder;
}
