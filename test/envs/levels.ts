import { confinementLevels, type ConfinementLevel } from '../../core/confinement.ts';
import { wallOf } from '../../envs/confinement/levels/walls.ts';

/** Each level of confinement for `describe.each`: `skip` where this machine lacks it, and a title that says what adds it. */
export const LEVELS = confinementLevels.map((level: ConfinementLevel) => {
  const wall = wallOf(level);
  const fault = wall?.fault();
  const title = fault === undefined ? level : `${level} (absent: ${fault}; add it: ${wall?.cure})`;
  return { level, title, skip: fault !== undefined };
});

/** Those that work here. */
export const WORKING_LEVELS = LEVELS.filter(({ skip }) => !skip).map(({ level }) => level);
