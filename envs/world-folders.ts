import { accessSync, constants, mkdirSync, mkdtempSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { messageOf, UsageError } from '../core/errors.ts';
import { claimFolder, removeWorlds, sweepWorlds } from './processes/leftovers.ts';

const SHARED_MEMORY = '/dev/shm';

/** This user's folder for what may be thrown away. A variable that is set to nothing counts as absent, as its standard says. */
export const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'toolstone');

/** A throw-away folder for worlds, and a plain one for those servers that are particular about their path. */
export interface WorldFolders {
  readonly main: string;
  readonly plainFolder: () => string;
  readonly remove: () => void;
}

/** `watch` is told of every folder made, so that somebody removes it if we cannot. */
export function makeWorldFolders(watch: (folder: string) => void): WorldFolders {
  const make = (base: string) => {
    const folder = makeFolder(base);
    folders.push(folder);
    watch(folder);
    return folder;
  };
  const folders: string[] = [];
  const main = make(lanesBase());
  let plainFolder: string | undefined;
  return {
    main,
    plainFolder: () => (plainFolder ??= make(plainBase())),
    remove: () => {
      for (const folder of folders) removeWorlds(folder);
    },
  };
}

/** Where worlds of the dead have been looked for. */
const sweptFolders = new Set<string>();

function makeFolder(base: string): string {
  if (!sweptFolders.has(base)) sweepWorlds(base);
  sweptFolders.add(base);
  try {
    const folder = mkdtempSync(join(base, 'toolstone-'));
    claimFolder(folder);
    return folder;
  } catch (error) {
    const cure = 'Free some space, or make that folder writable.';
    throw new UsageError(`No folder for worlds can be made in ${base}: ${messageOf(error)}. ${cure}`, { cause: error });
  }
}

/** Neither hidden nor temporary. */
function plainBase(): string {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const isFit = runtime !== undefined && canWrite(runtime) && !runtime.split(sep).some((part) => part.startsWith('.'));
  return isFit ? runtime : homedir();
}

/**
 * Folder below which worlds live: in memory where the system offers that, else in the user's cache. Never the system's
 * temporary directory, which some servers refuse.
 */
function lanesBase(): string {
  return canWrite(SHARED_MEMORY) ? SHARED_MEMORY : makeCacheFolder();
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
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
