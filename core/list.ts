import { readdirSync } from 'node:fs';
import { UsageError } from './errors.ts';
import { ownFile, ownPathIn, type PartShape } from './own-module.ts';

/** Ending of our own modules: TypeScript in development, JavaScript where they are compiled. */
export const moduleEnding = import.meta.url.endsWith('.ts') ? '.ts' : '.js';

/** A folder that is a list: each of its modules is a member, called as its file is. Members default-export a `Member`. */
export interface List<Member> {
  /** Sorted. A member is known by being there. */
  readonly names: () => readonly string[];
  /** Whether a name is a member's, or a path of a user's own where the list takes such. */
  readonly has: (name: string) => boolean;
  /** Loads one member alone. Throws `UsageError` with the known names where there is none of that name, or as `loadOwn` does. */
  readonly load: (name: string) => Promise<Member>;
  /** In the order of their names. */
  readonly loadAll: () => Promise<readonly Member[]>;
  /** File of a member, whether it is there or not. */
  readonly fileOf: (name: string) => URL;
}

/**
 * The list in a folder; `kind` is the word for a member, as faults say it. With `ownShape` a path of a user's own module of
 * that shape is as good as a name.
 */
export function listIn<Member>(folder: URL, kind: string, ownShape?: PartShape): List<Member> {
  const names = () => modulesIn(folder);
  const isOwn = (name: string) => ownShape !== undefined && ownPathIn(name) === name;
  const fileOf = (name: string) => (isOwn(name) ? ownFile(name) : new URL(`${name}${moduleEnding}`, folder));
  const load = async (name: string): Promise<Member> => {
    if (ownShape && isOwn(name)) {
      const { loadOwn } = await import('./load-own.ts');
      return loadOwn<Member>(name, kind, ownShape);
    }
    const members = names();
    if (!members.includes(name)) throw new UsageError(`There is no ${kind} "${name}". Known: ${members.join(', ')}.`);
    return ((await import(fileOf(name).href)) as { readonly default: Member }).default;
  };
  return {
    names,
    has: (name) => names().includes(name) || isOwn(name),
    load,
    loadAll: () => Promise.all(names().map(load)),
    fileOf,
  };
}

/** Names of the modules in a folder, sorted, in TypeScript or compiled. */
export function modulesIn(folder: URL): string[] {
  return readdirSync(folder)
    .filter((file) => /(?<!\.d)\.(ts|js)$/.test(file))
    .map((file) => file.replace(/\.(ts|js)$/, ''))
    .sort();
}
