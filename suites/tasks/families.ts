import { readdirSync } from 'node:fs';
import { UsageError } from '../../core/errors.ts';
import type { Family } from './family.ts';

const folder = new URL('../families/', import.meta.url);
const families = new Map<string, Family>();
for (const file of readdirSync(folder).sort()) {
  if (!/\.[tj]s$/.test(file) || file.endsWith('.d.ts')) continue;
  const module = (await import(new URL(file, folder).href)) as { readonly default: Family };
  families.set(module.default.name, module.default);
}

/** Names of all families: the folder `suites/families` is the list. */
export const familyNames: readonly string[] = [...families.keys()];

/** @throws UsageError naming the families that may be asked for. */
export function familyNamed(name: string, among: readonly string[] = familyNames): Family {
  const family = among.includes(name) ? families.get(name) : undefined;
  if (!family) throw new UsageError(`There is no family "${name}" here. Known: ${among.join(', ')}.`);
  return family;
}
