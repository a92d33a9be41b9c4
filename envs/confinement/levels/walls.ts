import type { ConfinementLevel } from '../../../core/confinement.ts';
import { bubblewrap } from './bubblewrap.ts';
import { landlock } from './landlock.ts';
import { namespaces } from './namespaces.ts';
import type { Wall } from './wall.ts';

/** What builds the boxes of each level; checks of arguments need none, and hold at every level. */
export const walls: Readonly<Record<Exclude<ConfinementLevel, 'arguments'>, Wall>> = {
  bubblewrap,
  namespaces,
  landlock,
};

/** The wall of a level; `null` where there is none. */
export const wallOf = (level: ConfinementLevel): Wall | null => (level === 'arguments' ? null : walls[level]);
