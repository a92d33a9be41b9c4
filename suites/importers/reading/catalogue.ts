import { UsageError } from '../../../core/errors.ts';
import { loadFrom, namesIn } from '../../../core/folder.ts';
import type { Importer } from './importer.ts';

const folder = new URL('../', import.meta.url);
const importers = new Map<string, Importer>();
for (const name of namesIn(folder)) importers.set(name, await loadFrom<Importer>(folder, name, 'task format'));

/** Names of all importers: the folder `suites/importers` is the list. */
export const importerNames: readonly string[] = [...importers.keys()];

/** @throws UsageError naming the known formats. */
export function importerNamed(name: string): Importer {
  const importer = importers.get(name);
  if (!importer) throw new UsageError(`There is no task format "${name}". Known: ${importerNames.join(', ')}.`);
  return importer;
}
