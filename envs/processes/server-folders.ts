import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bubblewrap } from './bubblewrap.ts';
import { WORLD_ROOT } from '../../core/world-root.ts';
import type { ServerDefinition } from '../server-definition.ts';

/** Real folders of one server in one lane. */
export interface ServerFolders {
  /** The lane's root, above the other two. */
  readonly lane: string;
  /** The server's state. */
  readonly state: string;
  readonly home: string;
  /** Runs in bubblewrap. */
  readonly isSandboxed: boolean;
}

/** Where a lane's servers may live. */
export interface LanePlacement {
  readonly folder: string;
  /** For a server that sees real paths and has rules for them; made at first need. */
  readonly folderFor: (server: ServerDefinition) => string;
  readonly useBubblewrap: boolean;
}

/** Whether a server is put where it sees another path of its folder than the real one. */
export const runsInSandbox = ({ reachesOutside }: ServerDefinition, useBubblewrap: boolean): boolean =>
  reachesOutside && useBubblewrap && bubblewrap() !== null;

/**
 * Makes a server's folders in a lane.
 * @throws UsageError where the server accepts no folder that is there.
 */
export function makeServerFolders(definition: ServerDefinition, placement: LanePlacement): ServerFolders {
  const isSandboxed = runsInSandbox(definition, placement.useBubblewrap);
  const lane = isSandboxed ? placement.folder : placement.folderFor(definition);
  const state = join(lane, definition.name);
  const home = join(lane, '.home', definition.name);
  for (const path of [state, home, dirname(preloadPath(lane))]) mkdirSync(path, { recursive: true });
  // In the lane its path is the same on every machine, once mapped.
  copyFileSync(fileURLToPath(new URL('./preload/clock.cjs', import.meta.url)), preloadPath(lane));
  return { lane, state, home, isSandboxed };
}

export const preloadPath = (laneFolder: string): string => join(laneFolder, '.toolstone', 'clock.cjs');

/** Path of the lane's root as the server sees it: in bubblewrap it is the constant one. */
export const visibleRoot = ({ isSandboxed, lane }: ServerFolders): string => (isSandboxed ? WORLD_ROOT : lane);
