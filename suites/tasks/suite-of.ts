import { UsageError } from '../../core/errors.ts';
import type { Split, Suite, Task } from '../../core/types.ts';
import { taskIdParts } from '../../core/task-id.ts';
import { assemble, phrasingOf } from './assemble.ts';
import type { Family } from './family.ts';
import { trainedRoles, type Roles } from './step.ts';

/** Servers that take the place of trained ones in a split, and the families whose work they can do. */
interface HeldOutServers {
  readonly standIns: Partial<Roles>;
  readonly families: readonly Family[];
}

export interface SuiteOptions {
  readonly name: string;
  readonly summary: string;
  readonly splits: readonly Split[];
  /** Those trained on, and those of the split `held-out-family`. */
  readonly families: readonly Family[];
  readonly heldOutFamilies?: readonly Family[];
  /** As `Suite` says. */
  readonly familyFiles?: readonly string[];
  /** Servers offered; in splits of held-out servers stand-ins take the place of those they can stand in for. */
  readonly servers: readonly string[];
  /** By default another file server and another graph, in `held-out-server`. */
  readonly heldOut?: Readonly<Partial<Record<Split, HeldOutServers>>>;
}

/** A suite made of families: they take turns in every split that they have tasks for. */
export function suiteOf(options: SuiteOptions): Suite {
  const { name, summary, splits, families, heldOutFamilies = [], familyFiles, servers } = options;
  const heldOut = options.heldOut ?? {
    'held-out-server': {
      standIns: { files: 'fast-filesystem', graph: 'knowledge-graph' },
      families: families.filter((family) => family.hasStandIns),
    },
  };
  const familiesIn = (split: Split): readonly Family[] => {
    if (split === 'held-out-family') return heldOutFamilies;
    if (split === 'held-out-composition') return families.filter(({ heldOutShapes = [] }) => heldOutShapes.length > 0);
    return heldOut[split]?.families ?? families;
  };
  return {
    name,
    summary,
    splits,
    families: [...families, ...heldOutFamilies].map((family) => family.name),
    ...(familyFiles ? { familyFiles } : {}),
    servers,
    heldOutServers: [...new Set(Object.values(heldOut).flatMap(({ standIns }) => inPlaceOf(servers, standIns)))],
    toolNamesUpFront: true,
    phrasingOf: (task) => {
      const { family: familyName, split, number: index } = taskIdParts(task);
      const family = [...families, ...heldOutFamilies].find((one) => one.name === familyName);
      if (!family || !splits.includes(split as Split) || !Number.isInteger(index)) return null;
      return JSON.stringify(phrasingOf({ suite: name, family, split: split as Split, index }));
    },
    tasks: (split, count, names) => {
      if (!splits.includes(split))
        throw new UsageError(`Suite ${name} has no split "${split}". It has ${splits.join(', ')}.`);
      const ableFamilies = familiesIn(split);
      if (ableFamilies.length === 0) throw new UsageError(`Suite ${name} has no family for ${split}.`);
      const unknown = names?.find((one) => !ableFamilies.some((family) => family.name === one));
      if (unknown !== undefined)
        throw new UsageError(
          `Suite ${name} has no family "${unknown}" in ${split}. It has ${ableFamilies.map((one) => one.name).join(', ')}.`,
        );
      const turns = names
        ? names.map((one) => ableFamilies.find((family) => family.name === one) as Family)
        : ableFamilies;
      const { standIns = {} } = heldOut[split] ?? {};
      const where = { servers: inPlaceOf(servers, standIns), roles: { ...trainedRoles, ...standIns } };
      return Array.from({ length: count }, (_, number): Task => {
        const family = turns[number % turns.length] as Family;
        return assemble({ suite: name, family, split, index: Math.floor(number / turns.length), ...where });
      });
    },
  };
}

/** Servers, in their order, with stand-ins in place of those that have one. */
function inPlaceOf(servers: readonly string[], standIns: Partial<Roles>): readonly string[] {
  const roles = Object.keys(standIns) as (keyof Roles)[];
  return servers.map((server) => {
    const role = roles.find((one) => trainedRoles[one] === server);
    return (role && standIns[role]) ?? server;
  });
}
