import { UsageError } from '../../core/errors.ts';
import type { Job } from '../../core/run-types.ts';
import { allServersOf } from '../../core/suite-servers.ts';
import type { Split, Suite } from '../../core/types.ts';
import { chosenAliasing } from '../../envs/aliases/choice.ts';
import { serverDefinition } from '../../envs/server-list.ts';
import { chosenDistractors } from '../../envs/distractors/choice.ts';
import { homelessness } from '../../envs/world-folders.ts';
import { needsServer } from '../../suites/tasks/task-servers.ts';
import { withAliases } from '../../suites/tasks/with-aliases.ts';
import { withoutServers } from '../../suites/tasks/without-servers.ts';
import { amongDistractors } from './distractors.ts';
import { playedBy, tasksOfJob } from './played-tasks.ts';
import { tell } from './printing.ts';
import { inSizes } from './sizes.ts';

export interface SuiteHere {
  readonly suite: Suite;
  /** Servers left out of it. */
  readonly without: readonly string[];
}

/**
 * A suite as jobs can play it on this machine: a server that can live nowhere here (`homelessness`) is left out where none of their
 * tasks needs it, which is said on standard error; distractors are added where the user asked for some, toolspaces of the sizes
 * that jobs name are made, and tasks go by other names where the user asked for that.
 * @throws UsageError where a task needs such a server, or the toolspaces cannot be had.
 */
export function suiteHere(suite: Suite, jobs: readonly Job[]): SuiteHere {
  const without: string[] = [];
  for (const name of allServersOf(suite)) {
    const fault = homelessness(serverDefinition(name));
    if (fault === undefined) continue;
    const tasks = jobs.flatMap((job) => tasksOfJob(suite, job));
    const needy = tasks.filter((task) => needsServer(task, name));
    if (needy.length > 0) {
      const families = [...new Set(needy.map(({ family }) => family))].join(', ');
      const count = `${needy.length} of ${tasks.length} tasks need it, those of ${families}.`;
      throw new UsageError(`${fault.message}\n${count}`, { cause: fault });
    }
    tell(`Running without the server ${name}, which no task needs. ${fault.message}`);
    without.push(name);
  }
  const here = withoutServers(suite, without);
  const played = inSizes(here, jobs) ?? amongDistractors(here, splitsOf(jobs), chosenDistractors());
  return { suite: withAliases(played, chosenAliasing()), without };
}

/** The splits that jobs are measured on and learn from. */
const splitsOf = (jobs: readonly Job[]): ReadonlySet<Split> =>
  new Set(jobs.flatMap((job) => playedBy(job).map(({ split }) => split)));
