import { loadFrom, namesIn } from '../../core/folder.ts';
import type { Attack } from './attack.ts';

const folder = new URL('kinds/', import.meta.url);

/** Names of all attacks, sorted: the files of `kinds/`. */
export const attackNames: readonly string[] = namesIn(folder);

/** The attacks asked for, all by default. Throws `UsageError` with the known names. */
export const attacksNamed = (names: readonly string[] = attackNames): Promise<readonly Attack[]> =>
  Promise.all(names.map((name) => loadFrom<Attack>(folder, name, 'attack', attackNames)));
