import { readdirSync } from 'node:fs';
import { UsageError } from '../../core/errors.ts';
import type { Importer } from './importer.ts';

const importers = new Map<string, Importer>();
for (const file of readdirSync(import.meta.dirname).sort()) {
  if (!/^[\w-]+\.[tj]s$/.test(file) || /^(catalogue|importer|write)\./.test(file)) continue;
  const module = (await import(new URL(file, import.meta.url).href)) as { readonly default: Importer };
  importers.set(module.default.name, module.default);
}

/** Names of all importers: the folder `suites/importers` is the list. */
export const importerNames: readonly string[] = [...importers.keys()];

/** @throws UsageError naming the known formats. */
export function importerNamed(name: string): Importer {
  const importer = importers.get(name);
  if (!importer) throw new UsageError(`There is no task format "${name}". Known: ${importerNames.join(', ')}.`);
  return importer;
}
