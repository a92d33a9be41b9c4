import { functionLimitOf } from '../../baselines/open-policies.ts';
import { UsageError } from '../../core/errors.ts';
import type { Job } from '../../core/run-types.ts';
import { nameIn } from '../../core/settings.ts';
import type { Suite } from '../../core/types.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { viewNamed } from '../../envs/view-list.ts';
import { toolFunctions } from '../../envs/view-parts/tool-functions.ts';
import { tell } from './printing.ts';
import { tasksOfJob } from './played-tasks.ts';

/**
 * What is to be known of the views of jobs before the first episode: wrong settings, and in the view native names of functions that are
 * not as usual and endpoints that take fewer functions than there are. Throws `UsageError` for what cannot work.
 */
export async function tellViews(suite: Suite, jobs: readonly Job[]): Promise<void> {
  for (const view of new Set(jobs.map(({ view: name }) => name))) await viewNamed(view);
  const native = jobs.filter(({ view }) => nameIn(view) === 'native');
  const told = new Set<string>();
  for (const job of native) {
    const offers = new Set(tasksOfJob(suite, job).map(({ world }) => world.servers.join('\n')));
    const functions = [...offers].map((servers) => toolFunctions(toolspaceOf(servers.split('\n'))));
    const most = Math.max(0, ...functions.map(({ offered }) => offered.length)) + (job.execution === undefined ? 0 : 1);
    for (const note of [...functions.flatMap(({ notes }) => notes), ...(await limitNotes(job, most))]) told.add(note);
  }
  told.forEach(tell);
}

async function limitNotes(job: Job, functions: number): Promise<string[]> {
  const limit = await functionLimitOf(job);
  if (!limit || functions <= limit.most) return [];
  const cure = `Choose another view (--view search, tool or server), or tasks with fewer servers.`;
  if (limit.isSure)
    throw new UsageError(
      `${limit.endpoint} takes at most ${limit.most} functions in a request, and in the view native there are ${functions}. ${cure}`,
    );
  return [
    `In the view native a request has ${functions} functions, and many endpoints take at most ${limit.most}, perhaps ${limit.endpoint} too. If it refuses them: ${cure}`,
  ];
}
