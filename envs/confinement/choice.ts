import { confinementLevels, type ConfinementLevel, strictLevels } from '../../core/confinement.ts';
import { UsageError } from '../../core/errors.ts';
import { hasWalls } from './levels/programs.ts';
import { wallOf } from './levels/walls.ts';

/** How this thread's servers are confined. */
export interface Confinement {
  readonly level: ConfinementLevel;
  /** No server runs unconfined, users' own included. */
  readonly isStrict: boolean;
}

let chosen: Confinement | undefined;

/** Why a level does not work on this machine; undefined where it does. */
const faultOf = (level: ConfinementLevel): string | undefined => wallOf(level)?.fault();

/** The first of some levels that works, `arguments` always among those that do; undefined where none does. */
const strongestOf = (levels: readonly ConfinementLevel[]): ConfinementLevel | undefined =>
  levels.find((level) => faultOf(level) === undefined);

/**
 * What the user wishes, for this thread: a level, `strict`, or else the strongest that works here.
 * @throws UsageError where it does not work on this machine.
 */
export function chooseConfinement(wish: ConfinementLevel | 'strict' | undefined): void {
  if (wish === 'strict') {
    const level = strongestOf(strictLevels);
    if (level === undefined)
      throw new UsageError(
        `No strict level of confinement works on this machine: ${strictLevels.map(faultText).join(' ')}`,
      );
    chosen = { level, isStrict: true };
    return;
  }
  if (wish !== undefined && faultOf(wish) !== undefined)
    throw new UsageError(`The level that --confinement names does not work on this machine: ${faultText(wish)}`);
  chosen = wish === undefined ? undefined : { level: wish, isStrict: false };
}

/** What another thread or process found out and handed on. */
export const adoptConfinement = (confinement: Confinement): void => void (chosen = confinement);

/** What holds in this thread, for it and for others to adopt. */
export const confinement = (): Confinement =>
  chosen ?? { level: strongestOf(confinementLevels) ?? 'arguments', isStrict: false };

const LINUX_NEEDED = 'Stronger levels need Linux, which a virtual machine or a container gives you.';

/** Why a level does not work, and what adds it where something does. */
export function faultText(level: ConfinementLevel): string {
  const wall = wallOf(level);
  if (wall === null) return '';
  const cure = hasWalls() ? `; add it: ${wall.cure}` : '';
  return `${wall.title} (${wall.fault() ?? 'works'}${cure}).`;
}

/** How servers of the catalogue are confined; for a weaker level, what it leaves open and what would add a stronger one. */
export function confinementNote({ level }: Confinement): string {
  const wall = wallOf(level);
  const note = `Servers are confined by ${wall?.title ?? 'checks of their arguments alone'}.`;
  if (strictLevels.includes(level)) return note;
  const open = wall?.gaps ?? 'what a program does beside the paths that it is given';
  if (!hasWalls()) return `${note} Not covered: ${open}. ${LINUX_NEEDED}`;
  const better = strictLevels.filter((one) => faultOf(one) !== undefined);
  const missing = better.length === 0 ? '' : ` Stronger, and missing here: ${better.map(faultText).join(' ')}`;
  return `${note} Not covered: ${open}.${missing}`;
}
