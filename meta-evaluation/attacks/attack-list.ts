import { listIn } from '../../core/list.ts';
import type { PlantedExecution } from '../defects/defect-list.ts';
import type { Attack } from './attack.ts';

const attacks = listIn<Attack>(new URL('kinds/', import.meta.url), 'attack');

/** Names of all attacks, sorted: the files of `kinds/`. */
export const attackNames: readonly string[] = attacks.names();

/** The attacks with these names, all by default. Throws `UsageError` with the known names. */
export const attacksNamed = (names: readonly string[] = attackNames): Promise<readonly Attack[]> =>
  Promise.all(names.map(attacks.load));

/** The attacks on episodes of single calls, or of programs, where one that calls a tool by itself would be refused. */
export const attacksIn = async (execution: PlantedExecution): Promise<readonly Attack[]> =>
  (await attacksNamed()).filter((attack) =>
    execution === 'programs' ? attack.by === 'answer' || attack.execution === 'programs' : !attack.execution,
  );

/** Files of all kinds. */
export const attackFiles = (): URL[] => attacks.names().map(attacks.fileOf);
