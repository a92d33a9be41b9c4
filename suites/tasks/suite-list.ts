import { listIn, moduleEnding } from '../../core/list.ts';
import type { Suite } from '../../core/types.ts';

const suites = listIn<Suite>(new URL('../', import.meta.url), 'suite');

/** Names of all suites: the folder `suites` is the list. */
export const suiteNames: () => readonly string[] = suites.names;

/** File of a suite, whether it is there or not. */
export const suiteFile = suites.fileOf;

/** What makes a suite of a task file. Loaded by name, like a suite: it is a part of runs of own tasks alone. */
export const ownTasksFile = new URL(`../own-tasks/suite${moduleEnding}`, import.meta.url);

/** Tells the path of a task file from the name of a suite. */
export const isTaskFile = (name: string): boolean => /\.(?:ya?ml|jsonl?)$/i.test(name);

/**
 * A suite of this folder, or the one that a task file makes where `name` is its path.
 * @throws UsageError with the known names, or whatever is wrong with the task file.
 */
export async function suiteNamed(name: string): Promise<Suite> {
  if (isTaskFile(name)) {
    const { ownSuite } = (await import(ownTasksFile.href)) as typeof import('../own-tasks/suite.ts');
    return ownSuite(name);
  }
  return suites.load(name);
}
