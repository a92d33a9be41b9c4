import { loadFrom, namesIn } from '../../core/folder.ts';
import type { Defect } from './defect.ts';

const folder = new URL('kinds/', import.meta.url);

/** Names of all kinds of defects, sorted: the files of `kinds/`. */
export const defectNames: readonly string[] = namesIn(folder);

/** The kinds asked for, all by default. Throws `UsageError` with the known names. */
export const defectsNamed = (names: readonly string[] = defectNames): Promise<readonly Defect[]> =>
  Promise.all(names.map((name) => loadFrom<Defect>(folder, name, 'kind of defect', defectNames)));
