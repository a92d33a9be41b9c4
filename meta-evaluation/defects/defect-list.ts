import { listIn } from '../../core/list.ts';
import type { Defect } from './defect.ts';

const defects = listIn<Defect>(new URL('kinds/', import.meta.url), 'kind of defect');

/** Names of all kinds of defects, sorted: the files of `kinds/`. */
export const defectNames: readonly string[] = defects.names();

/** The kinds with these names, all by default. Throws `UsageError` with the known names. */
export const defectsNamed = (names: readonly string[] = defectNames): Promise<readonly Defect[]> =>
  Promise.all(names.map(defects.load));

/** Files of all kinds. */
export const defectFiles = (): URL[] => defects.names().map(defects.fileOf);
