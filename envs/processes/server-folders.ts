import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bubblewrap } from './bubblewrap.ts';
import { WORLD_ROOT } from '../paths.ts';
import type { ServerDefinition } from '../server-definition.ts';

/** Real folders of one server in one lane. */
export interface Berth {
  readonly laneFolder: string;
  /** The server's state. */
  readonly folder: string;
  readonly home: string;
  /** Runs in bubblewrap. */
  readonly isBoxed: boolean;
}

/** Where a lane's servers may live. */
export interface Mooring {
  readonly folder: string;
  /** For a server that needs a plain path; made at first need. */
  readonly plainFolder: () => string;
  readonly useBubblewrap: boolean;
}

/** Makes a server's folders in a lane. */
export function makeBerth(definition: ServerDefinition, mooring: Mooring): Berth {
  const isBoxed = definition.reachesOutside && mooring.useBubblewrap && bubblewrap() !== null;
  const laneFolder = definition.needsPlainPath && !isBoxed ? mooring.plainFolder() : mooring.folder;
  const folder = join(laneFolder, definition.name);
  const home = join(laneFolder, '.home', definition.name);
  for (const path of [folder, home, dirname(preloadPath(laneFolder))]) mkdirSync(path, { recursive: true });
  // In the lane its path is the same on every machine, once mapped.
  copyFileSync(fileURLToPath(new URL('./preload/clock.cjs', import.meta.url)), preloadPath(laneFolder));
  return { laneFolder, folder, home, isBoxed };
}

export const preloadPath = (laneFolder: string): string => join(laneFolder, '.toolstone', 'clock.cjs');

/** Path of the lane's root as the server sees it: in bubblewrap it is the constant one. */
export const visibleRoot = ({ isBoxed, laneFolder }: Berth): string => (isBoxed ? WORLD_ROOT : laneFolder);
