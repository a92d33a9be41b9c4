import { UsageError } from '../../core/errors.ts';
import { listIn } from '../../core/list.ts';
import type { Suite } from '../../core/types.ts';

const suites = listIn<Suite>(new URL('../', import.meta.url), 'suite');

/** Names of all suites: the folder `suites` is the list. */
export const suiteNames: () => readonly string[] = suites.names;

/** File of a suite, whether it is there or not. */
export const suiteFile = suites.fileOf;

/** Tells the path of a task file from the name of a suite. */
export const isTaskFile = (name: string): boolean => /\.(?:ya?ml|jsonl?)$/i.test(name);

/**
 * A suite of this folder, or the one that a task file makes where `name` is its path.
 * @throws UsageError naming the known suites, or whatever is wrong with the task file.
 */
export async function suiteNamed(name: string): Promise<Suite> {
  if (isTaskFile(name)) {
    // Loaded at need: most commands meet no task file.
    const { ownSuite } = await import('../own-tasks/suite.ts');
    return ownSuite(name);
  }
  if (!suiteNames().includes(name))
    throw new UsageError(`There is no suite "${name}". Known suites: ${suiteNames().join(', ')}.`);
  return suites.load(name);
}
