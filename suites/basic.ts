import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { splits, type Suite } from '../core/types.ts';
import { assemble } from './tasks/assemble.ts';
import type { Family } from './tasks/family.ts';
import type { Roles } from './tasks/step.ts';

const trained: Roles = { files: 'filesystem', graph: 'memory' };
const standIns: Roles = { files: 'fast-filesystem', graph: 'knowledge-graph' };

const serversWith = (roles: Roles) => [
  roles.files,
  roles.graph,
  'memory-bank',
  'git',
  'calc',
  'time',
  'dex-tasks',
  'obsidian',
  'everything',
];

const servers = serversWith(trained);
const heldOutServers = serversWith(standIns);

const families = new Map<string, Family>();
for (const file of readdirSync(join(import.meta.dirname, 'families')).sort()) {
  if (!/\.[tj]s$/.test(file) || file.endsWith('.d.ts')) continue;
  const module = (await import(new URL(`./families/${file}`, import.meta.url).href)) as { readonly default: Family };
  families.set(module.default.name, module.default);
}

/** One to four sub-goals over files, a graph, a memory bank, sums and a board, on nine published servers. */
export default {
  name: 'basic',
  summary: `${families.size} families of 1 to 4 sub-goals over nine published servers`,
  splits,
  families: [...families.keys()],
  servers,
  heldOutServers,
  toolNamesUpFront: true,
  tasks: (split, count, names = [...families.keys()]) => {
    const isHeldOut = split === 'held-out-server';
    const chosen = names.map(familyNamed).filter((family) => !isHeldOut || family.hasStandIns);
    if (chosen.length === 0) {
      const able = [...families.values()].filter((one) => one.hasStandIns).map((one) => one.name);
      throw new UsageError(`No chosen family has held-out servers. Choose among ${able.join(', ')}.`);
    }
    const where = isHeldOut ? { servers: heldOutServers, roles: standIns } : { servers, roles: trained };
    return Array.from({ length: count }, (_, number) =>
      assemble({
        suite: 'basic',
        family: chosen[number % chosen.length] as Family,
        split,
        index: Math.floor(number / chosen.length),
        ...where,
      }),
    );
  },
} satisfies Suite;

function familyNamed(name: string): Family {
  const family = families.get(name);
  if (!family)
    throw new UsageError(`There is no family "${name}" in basic. Known: ${[...families.keys()].join(', ')}.`);
  return family;
}
