import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfinementLevel } from '../../core/confinement.ts';
import { WORLD_ROOT } from '../../core/world-root.ts';
import type { Wall } from '../confinement/levels/wall.ts';
import type { ServerDefinition } from '../server-definition.ts';
import { wallFor } from './boxes.ts';

/** Real folders of one server in one lane. */
export interface ServerFolders {
  /** The server's own world root, above the next two: what it may write to. */
  readonly root: string;
  /** The server's state. */
  readonly state: string;
  readonly home: string;
  /** What is loaded into servers of the catalogue, out of their reach. */
  readonly preload: string;
  /** What the server is confined by; `null` where it is not, or by checks of arguments alone. */
  readonly wall: Wall | null;
}

/** Where a lane's servers may live. */
export interface LanePlacement {
  readonly folder: string;
  /** For a server that sees real paths and has rules for them; made at first need. */
  readonly folderFor: (server: ServerDefinition) => string;
  readonly level: ConfinementLevel;
}

/** Whether a server is put where it sees another path of its folder than the real one. */
export const seesMovedPaths = (definition: ServerDefinition, level: ConfinementLevel): boolean =>
  wallFor(definition, level)?.movesPaths === true;

/**
 * Makes a server's folders in a lane.
 * @throws UsageError where it accepts no folder that is there, or cannot be confined as it must be.
 */
export function makeServerFolders(definition: ServerDefinition, placement: LanePlacement): ServerFolders {
  const wall = wallFor(definition, placement.level);
  const lane = wall?.movesPaths ? placement.folder : placement.folderFor(definition);
  // A root for each server: whatever shows one of them all of it shows nothing of the others.
  const root = join(lane, definition.name);
  const [state, home] = [join(root, definition.name), join(root, '.home', definition.name)];
  const preload = join(lane, PRELOAD);
  for (const path of [state, home, dirname(preload)]) mkdirSync(path, { recursive: true });
  // In the lane its path is the same on every machine, once mapped.
  copyFileSync(fileURLToPath(new URL('./preload/clock.cjs', import.meta.url)), preload);
  return { root, state, home, preload, wall };
}

const PRELOAD = join('.toolstone', 'clock.cjs');

/** Path of the server's root as the server sees it: in a box that moves paths it is the constant one. */
export const visibleRoot = ({ wall, root }: ServerFolders): string => (wall?.movesPaths ? WORLD_ROOT : root);

/** A server's real paths, and what they are called in records. */
export const knownPaths = ({
  root,
  preload,
}: ServerFolders): readonly (readonly [real: string, constant: string])[] => [
  [root, WORLD_ROOT],
  [preload, join(WORLD_ROOT, PRELOAD)],
];
