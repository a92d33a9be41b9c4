import { listIn, moduleEnding } from '../../core/list.ts';
import { UsageError } from '../../core/errors.ts';
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

/** Tasks of a user's own. */
export interface TaskFileSource {
  /** Path of the task file. */
  readonly file: string;
  /** Ids of the tasks that are taken; absent: all. */
  readonly only?: readonly string[];
  /** Each task in the split that it says, or else its third; absent: all of them in `test`. */
  readonly isDivided?: boolean;
}

/** Where a command has its tasks from: a suite of the house by its name, or a task file. */
export type TaskSource = string | TaskFileSource;

/**
 * A suite of this folder, or the one that a task file makes.
 * @throws UsageError with the known names, or whatever is wrong with the task file.
 */
export async function suiteNamed(source: TaskSource): Promise<Suite> {
  if (typeof source !== 'string') {
    const { ownSuite } = (await import(ownTasksFile.href)) as typeof import('../own-tasks/suite.ts');
    return ownSuite(source);
  }
  if (isTaskFile(source)) throw new UsageError(`${source} is no suite but a task file: name it with --tasks.`);
  return suites.load(source);
}
