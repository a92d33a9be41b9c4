import { UsageError } from '../../core/errors.ts';
import type { Split, Suite, Task } from '../../core/types.ts';
import { taskIdParts } from '../../core/task-id.ts';
import { assemble, phrasingOf } from './assemble.ts';
import type { Family } from './family.ts';
import type { Roles } from './step.ts';

const trained: Roles = { files: 'filesystem', graph: 'memory' };
const standIns: Roles = { files: 'fast-filesystem', graph: 'knowledge-graph' };

export interface SuiteOptions {
  readonly name: string;
  readonly summary: string;
  readonly splits: readonly Split[];
  /** Those trained on, and those of the split `held-out-family`. */
  readonly families: readonly Family[];
  readonly heldOutFamilies?: readonly Family[];
  /** As `Suite` says. */
  readonly familyFiles?: readonly string[];
  /** Servers offered; in the split `held-out-server` stand-ins take the place of those they can stand in for. */
  readonly servers: readonly string[];
}

/** A suite made of families: they take turns in every split that they have tasks for. */
export function suiteOf(options: SuiteOptions): Suite {
  const { name, summary, splits, families, heldOutFamilies = [], familyFiles, servers } = options;
  const heldOutServers = servers.map(standInFor);
  const isAble: Partial<Record<Split, (family: Family) => boolean>> = {
    'held-out-server': (family) => family.hasStandIns,
    'held-out-composition': (family) => (family.heldOutShapes ?? []).length > 0,
  };
  return {
    name,
    summary,
    splits,
    families: [...families, ...heldOutFamilies].map((family) => family.name),
    ...(familyFiles ? { familyFiles } : {}),
    servers,
    heldOutServers,
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
      const ableFamilies = (split === 'held-out-family' ? heldOutFamilies : families).filter(
        isAble[split] ?? (() => true),
      );
      if (ableFamilies.length === 0) throw new UsageError(`Suite ${name} has no family for ${split}.`);
      const unknown = names?.find((one) => !ableFamilies.some((family) => family.name === one));
      if (unknown !== undefined)
        throw new UsageError(
          `Suite ${name} has no family "${unknown}" in ${split}. It has ${ableFamilies.map((one) => one.name).join(', ')}.`,
        );
      const turns = names
        ? names.map((one) => ableFamilies.find((family) => family.name === one) as Family)
        : ableFamilies;
      const isStandIn = split === 'held-out-server';
      const where = isStandIn ? { servers: heldOutServers, roles: standIns } : { servers, roles: trained };
      return Array.from({ length: count }, (_, number): Task => {
        const family = turns[number % turns.length] as Family;
        return assemble({ suite: name, family, split, index: Math.floor(number / turns.length), ...where });
      });
    },
  };
}

function standInFor(server: string): string {
  return server === trained.files ? standIns.files : server === trained.graph ? standIns.graph : server;
}
