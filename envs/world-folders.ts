import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../core/errors.ts';
import { claimFolder, removeWorlds, sweepWorlds } from './processes/leftovers.ts';
import { confinement } from './confinement/choice.ts';
import { wallFault } from './processes/boxes.ts';
import { seesMovedPaths } from './processes/server-folders.ts';
import type { ServerDefinition } from './server-definition.ts';
import { realPlace, requireWorlds, worldPlaces } from './world-places.ts';

/** Throw-away folders for worlds. */
export interface WorldFolders {
  readonly main: string;
  /**
   * The main one, or where a server refuses that by its own rules, the first that it accepts; made at first need.
   * @throws UsageError where there is none.
   */
  readonly folderFor: (server: ServerDefinition) => string;
  readonly remove: () => void;
}

/** `watch` is told of every folder made, so that somebody removes it if we cannot. Throws `UsageError`. */
export function makeWorldFolders(watch: (folder: string) => void): WorldFolders {
  requireWorlds();
  sweepOnce();
  /** By the place that they are below. */
  const folders = new Map<string, string>();
  const make = (base: string): string => {
    const known = folders.get(base);
    if (known !== undefined) return known;
    const folder = mkdtempSync(join(base, PREFIX));
    folders.set(base, folder);
    claimFolder(folder);
    watch(folder);
    return folder;
  };
  const first = firstPlace(make, () => undefined);
  if ('faults' in first) throw noPlace(first.faults);
  return {
    main: first.made,
    folderFor: (server) => {
      const found = firstPlace(make, (base) => refusalOf(server, base));
      if ('faults' in found) throw noPlaceFor(server, found.faults);
      return found.made;
    },
    remove: () => {
      for (const folder of folders.values()) removeWorlds(folder);
    },
  };
}

const PREFIX = 'toolstone-';

/**
 * Why a server can live nowhere on this machine, if so: it needs a wall that is not there, or refuses every place. A folder is
 * made in the place that is found, and removed again: who only asked whether one may write would be deceived by a full disk.
 */
export function homelessness(server: ServerDefinition): UsageError | undefined {
  const fault = wallFault(server, confinement().level);
  if (fault !== undefined) return new UsageError(fault);
  if (server.refusesFolder === undefined || seesMovedPaths(server, confinement().level)) return undefined;
  const folders = makeWorldFolders(() => undefined);
  try {
    folders.folderFor(server);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  } finally {
    folders.remove();
  }
}

/** Told of the path that its folder would have: drawn letters are no part of any rule. */
const refusalOf = (server: ServerDefinition, base: string): string | undefined =>
  server.refusesFolder?.(join(base, `${PREFIX}xxxxxx`, 'lane-00', server.name));

/** What was made of the first place where that goes, or why each place is none. */
function firstPlace(
  make: (base: string) => string,
  refusal: (base: string) => string | undefined,
): { readonly made: string } | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  for (const place of worldPlaces()) {
    const real = realPlace(place);
    const fault = 'fault' in real ? real.fault : refusal(real.path);
    if (fault !== undefined || 'fault' in real) faults.push(`${place.name}, ${place.path}: ${fault}`);
    else
      try {
        return { made: make(real.path) };
      } catch (error) {
        faults.push(`${place.name}, ${place.path}: ${messageOf(error)}`);
      }
  }
  return { faults };
}

const noPlace = (faults: readonly string[]): UsageError =>
  new UsageError(
    `No folder for worlds can be made. Free some space, or set XDG_CACHE_HOME to a folder that you may write to.\n${listed(faults)}`,
  );

const noPlaceFor = ({ name }: ServerDefinition, faults: readonly string[]): UsageError =>
  new UsageError(
    `Server ${name} accepts no folder that is there for its world. Set XDG_RUNTIME_DIR to a folder that you may write to and ` +
      `that has none of these faults, install bubblewrap, or choose tasks without ${name}.\n${listed(faults)}`,
  );

const listed = (faults: readonly string[]): string => faults.map((fault) => `- ${fault}`).join('\n');

/** Places where worlds of the dead have been looked for. */
const sweptPlaces = new Set<string>();

function sweepOnce(): void {
  for (const { path } of worldPlaces()) {
    if (!sweptPlaces.has(path)) sweepWorlds(path);
    sweptPlaces.add(path);
  }
}
