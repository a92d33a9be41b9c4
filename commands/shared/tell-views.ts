import { functionLimitOf } from '../../baselines/open-policies.ts';
import { UsageError } from '../../core/errors.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import type { Suite, ViewName } from '../../core/types.ts';
import { chosenWire } from '../../core/wire/chosen.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { viewModelOf, viewNamed } from '../../envs/view-list.ts';
import { openedOver } from '../../envs/view-parts/opened-over.ts';
import { toolFunctions } from '../../envs/view-parts/tool-functions.ts';
import { embeddingModel } from '../../envs/view-parts/vector-search.ts';
import { tell } from './printing.ts';
import { tasksOfJob } from './played-tasks.ts';

/**
 * What is to be known of the views of jobs before the first episode: wrong settings, and where each tool is a function of its own
 * names that are not as usual and endpoints that take fewer functions than there are. Throws `UsageError` for what cannot work.
 */
export async function tellViews(suite: Suite, jobs: readonly Job[]): Promise<void> {
  const withFunctions = new Set<ViewName>();
  for (const view of new Set(jobs.map(({ view: name }) => name)))
    if (openedOver(await viewNamed(view)).functions) withFunctions.add(view);
  const told = new Set<string>();
  for (const job of jobs.filter(({ view }) => withFunctions.has(view))) {
    const offers = new Set(tasksOfJob(suite, job).map(({ world }) => world.servers.join('\n')));
    const functions = [...offers].map((servers) => toolFunctions(toolspaceOf(servers.split('\n'))));
    // Names of aliased tasks are as many as there are tasks.
    const notes = suite.aliases ? [] : functions.flatMap((one) => one.notes);
    const most = Math.max(0, ...functions.map(({ offered }) => offered.length)) + (job.execution === undefined ? 0 : 1);
    for (const note of [...notes, ...(await limitNotes(job, most))]) told.add(note);
  }
  told.forEach(tell);
}

/** Longest wait for a model that a view asks, before a run begins; one that is not in memory has to be loaded. */
const checkMilliseconds = 300_000;

/** What the manifest says of the models that views of jobs ask. Throws `UsageError` where one does not answer. */
export async function viewModels(jobs: readonly Pick<Job, 'view'>[]): Promise<Pick<Manifest, 'viewModels'>> {
  const named = await Promise.all(jobs.map(({ view }) => viewModelOf(view)));
  const names = [...new Set(named.flatMap((name) => name ?? []))];
  if (names.length === 0) return {};
  if (chosenWire())
    throw new UsageError(
      `The view asks ${names.join(', ')} for vectors, and a recording holds none. Leave out --wire, or choose a view without such a model.`,
    );
  const signal = AbortSignal.timeout(checkMilliseconds);
  return { viewModels: await Promise.all(names.map((name) => embeddingModel(name, signal))) };
}

async function limitNotes(job: Job, functions: number): Promise<string[]> {
  const limit = await functionLimitOf(job);
  if (!limit || functions <= limit.most) return [];
  const cure = `Choose another view (--view search, tool or server), or tasks with fewer servers.`;
  if (limit.isSure)
    throw new UsageError(
      `${limit.endpoint} takes at most ${limit.most} functions in a request, and in the view ${job.view} there are ${functions}. ${cure}`,
    );
  return [
    `In the view ${job.view} a request has ${functions} functions, and many endpoints take at most ${limit.most}, perhaps ${limit.endpoint} too. If it refuses them: ${cure}`,
  ];
}
