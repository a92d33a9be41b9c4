import { loadFrom, namesIn } from '../../core/folder.ts';
import type { Family } from './family.ts';

const folder = new URL('../families/', import.meta.url);

/** Names of all families: the folder `suites/families` is the list. */
export const familyNames: readonly string[] = namesIn(folder);

/** Loads these alone: a suite of six families does not wait for the others. */
export const familiesNamed = (...names: readonly string[]): Promise<Family[]> =>
  Promise.all(names.map((name) => loadFrom<Family>(folder, name, 'family', familyNames)));
