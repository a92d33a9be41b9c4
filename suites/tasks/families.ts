import { readdirSync } from 'node:fs';
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

/** @throws RangeError for a name that no file has. */
export function familiesNamed(...names: readonly string[]): Family[] {
  return names.map((name) => {
    const family = families.get(name);
    if (!family) throw new RangeError(`there is no family ${name}`);
    return family;
  });
}
