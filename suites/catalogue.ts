import { existsSync } from 'node:fs';
import { UsageError } from '../core/errors.ts';
import { namesIn } from '../core/folder.ts';
import type { Suite } from '../core/types.ts';

const folder = new URL('./', import.meta.url);

/** Names of all suites: the files of this folder whose default export is one. */
export async function suiteNames(): Promise<readonly string[]> {
  const names = namesIn(folder);
  const found = await Promise.all(names.map(suiteIn));
  return names.filter((_, index) => found[index] !== undefined);
}

/**
 * A suite of this folder, or the one that a task file makes where `name` is its path.
 * @throws UsageError naming the known suites, or whatever is wrong with the task file.
 */
export async function suiteNamed(name: string): Promise<Suite> {
  if (/\.(?:ya?ml|jsonl?)$/i.test(name)) {
    // Loaded at need: most commands meet no task file.
    const { ownSuite } = await import('./own-tasks/suite.ts');
    return ownSuite(name);
  }
  const suite = await suiteIn(name);
  if (!suite) throw new UsageError(`There is no suite "${name}". Known suites: ${(await suiteNames()).join(', ')}.`);
  return suite;
}

/** Loads one file alone: suites are many, and a run needs one. */
async function suiteIn(name: string): Promise<Suite | undefined> {
  const file = new URL(`${name}${import.meta.url.slice(-3)}`, folder);
  if (name === 'catalogue' || !/^[\w-]+$/.test(name) || !existsSync(file)) return undefined;
  const module = (await import(file.href)) as { readonly default?: Partial<Suite> };
  return typeof module.default?.tasks === 'function' ? (module.default as Suite) : undefined;
}
