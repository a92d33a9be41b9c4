import type { Manifest } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { suiteNamed, type TaskFileSource } from './suite-list.ts';
import { taskWithout } from './task-servers.ts';
import { withAliases } from './with-aliases.ts';
import { withDistractors } from './with-distractors.ts';

/** The same suite on a machine where some servers can live nowhere. Its tasks must not need them. */
export function withoutServers(suite: Suite, names: readonly string[]): Suite {
  if (names.length === 0) return suite;
  const isThere = (name: string) => !names.includes(name);
  return {
    ...suite,
    servers: suite.servers.filter(isThere),
    heldOutServers: suite.heldOutServers.filter(isThere),
    tasks: (...asked) => suite.tasks(...asked).map((task) => taskWithout(task, isThere)),
  };
}

/** The suite of a recorded run, as it was played; `file` is the task file where the run was of own tasks. Throws `UsageError`. */
export const recordedSuite = async (
  { suite, withoutServers: names = [], distractors, aliases, jobs }: Pick<Manifest, RecordedParts>,
  file?: TaskFileSource,
): Promise<Suite> =>
  withAliases(
    withDistractors(
      withoutServers(await suiteNamed(file ? { ...file, isDivided: isDivided(jobs) } : suite), names),
      distractors,
    ),
    aliases,
  );

type RecordedParts = 'suite' | 'withoutServers' | 'distractors' | 'aliases' | 'jobs';

/** Whether a run needs to know the splits of own tasks: where they are all of `test` each has the same id there. */
const isDivided = (jobs: Manifest['jobs']): boolean =>
  jobs.some(({ training, evaluations }) => training !== null || evaluations.some(({ split }) => learntFrom.has(split)));

const learntFrom: ReadonlySet<string> = new Set(['train', 'validation']);
