import { listIn } from '../../../core/list.ts';
import type { Importer } from './importer.ts';

const importers = listIn<Importer>(new URL('../', import.meta.url), 'task format');

/** Names of all importers: the folder `suites/importers` is the list. */
export const importerNames: readonly string[] = importers.names();

/** Throws `UsageError` naming the known formats. */
export const importerNamed = importers.load;
