import type { Execution } from '../../core/execution.ts';
import { listIn } from '../../core/list.ts';
import type { Defect } from './defect.ts';

const defects = listIn<Defect>(new URL('kinds/', import.meta.url), 'kind of defect');

/** What defects sit in. */
export type PlantedExecution = Exclude<Execution, 'both'>;

/** Names of all kinds of defects, sorted: the files of `kinds/`. */
export const defectNames: readonly string[] = defects.names();

/** The kinds with these names, all by default. Throws `UsageError` with the known names. */
export const defectsNamed = (names: readonly string[] = defectNames): Promise<readonly Defect[]> =>
  Promise.all(names.map(defects.load));

/** The kinds that sit in calls made one at a time, or in programs. */
export const defectsIn = async (execution: PlantedExecution): Promise<readonly Defect[]> =>
  (await defectsNamed()).filter((defect) => (defect.execution ?? 'calls') === execution);

/** Files of all kinds. */
export const defectFiles = (): URL[] => defects.names().map(defects.fileOf);
