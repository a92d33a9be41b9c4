import { readManifest } from '../../core/record/read-run.ts';
import type { PhrasingOf } from '../../core/task-id.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';

/** How the tasks of a run's folder are worded, as its suite of the house knows; tasks of other suites are worded each by itself. */
export async function phrasingsOf(folder: string): Promise<PhrasingOf> {
  const { suite: name } = readManifest(folder);
  const suite = suiteNames().includes(name) ? await suiteNamed(name) : null;
  return (task) => suite?.phrasingOf?.(task) ?? null;
}
