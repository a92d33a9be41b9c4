import { readdirSync } from 'node:fs';
import { UsageError } from '../core/errors.ts';
import type { Suite } from '../core/types.ts';

/** Names of all suites: the files of this folder whose default export is one. */
export async function suiteNames(): Promise<readonly string[]> {
  return [...(await suites()).keys()];
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
  const all = await suites();
  const suite = all.get(name);
  if (!suite) throw new UsageError(`There is no suite "${name}". Known suites: ${[...all.keys()].join(', ')}.`);
  return suite;
}

async function suites(): Promise<ReadonlyMap<string, Suite>> {
  const files = readdirSync(import.meta.dirname).filter((file) => /^[\w-]+\.[tj]s$/.test(file));
  const found = new Map<string, Suite>();
  for (const file of files.filter((name) => !name.startsWith('catalogue.')).sort()) {
    const module = (await import(new URL(file, import.meta.url).href)) as { readonly default?: Partial<Suite> };
    if (typeof module.default?.tasks === 'function') found.set(file.slice(0, -3), module.default as Suite);
  }
  return found;
}
