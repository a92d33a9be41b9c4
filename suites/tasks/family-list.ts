import { listIn } from '../../core/list.ts';
import type { Family } from './family.ts';

/** All families: the folder `suites/families` is the list. */
const families = listIn<Family>(new URL('../families/', import.meta.url), 'family');

export const familyNames: readonly string[] = families.names();

/** File of a family, whether it is there or not. */
export const familyFile = families.fileOf;

/** Loads these alone: a suite of six families does not wait for the others. */
export const familiesNamed = (...names: readonly string[]): Promise<Family[]> => Promise.all(names.map(families.load));
