import { UsageError } from '../../core/errors.ts';
import { readManifest } from '../../core/record/read-run.ts';
import { usualRubric } from '../../core/rubric-kinds.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { MetaTool, WorldParameters } from '../../core/types.ts';
import { withExecution } from '../../envs/programs/execution.ts';
import { describeServer } from '../../envs/toolspaces.ts';
import { viewNamed } from '../../envs/view-list.ts';
import type { OfferedTools } from '../../finetune/export/sft-rows.ts';
import { hasFunctions, metaToolsOf } from '../../finetune/ors/offered-tools.ts';
import { readRecorded } from '../../judges/stored/recorded.ts';
import type { TaskFileSource } from '../../suites/tasks/suite-list.ts';
import { suiteOfRun } from './stored-run.ts';

/**
 * The functions that episodes of a stored run were offered. In a view with functions of tools they are made anew from the task's
 * servers; `tasks` is then the task file, where the run was of own tasks. Throws `UsageError` where they cannot be told any more.
 */
export async function offeredIn(run: string, tasks: TaskFileSource | undefined): Promise<OfferedTools> {
  const manifest = readManifest(run);
  const views = new Map(
    await Promise.all(manifest.jobs.map(async ({ name, view }) => [name, await viewNamed(view)] as const)),
  );
  const worldOf = [...views.values()].some(hasFunctions) ? await taskWorlds(run, manifest, tasks) : () => undefined;
  const made = new Map<string, readonly MetaTool[]>();
  return ({ key, view, execution }) => {
    const openView = views.get(key.job);
    if (!openView)
      throw new UsageError(`The manifest of ${run} has no job ${key.job}, of which ${key.task} was played.`);
    const world = hasFunctions(openView) ? worldOf(key.task) : undefined;
    const name = JSON.stringify([view, execution, world?.servers, world?.aliases?.seed]);
    const offered = made.get(name) ?? metaToolsOf(withExecution(openView, execution), world);
    made.set(name, offered);
    return offered;
  };
}

/** The world of each task of a run, whose servers have to offer what they offered then. */
async function taskWorlds(
  run: string,
  manifest: Manifest,
  tasks: TaskFileSource | undefined,
): Promise<(task: string) => WorldParameters | undefined> {
  const suite = await suiteOfRun(manifest, tasks);
  const recorded = readRecorded(run, manifest, suite, usualRubric(manifest.suite));
  recorded.close();
  const worlds = new Map(recorded.groups.map(({ task }) => [task.id, task.world]));
  for (const server of new Set([...worlds.values()].flatMap(({ servers }) => servers)))
    refuseOther(run, manifest, server);
  return (task) => worlds.get(task);
}

function refuseOther(run: string, { servers }: Manifest, server: string): void {
  const before = servers[server];
  if (before?.schemaHash === describeServer(server).schemaHash) return;
  throw new UsageError(
    `The server ${server} offers other tools than when ${run} was made${before ? ` with ${before.package}` : ''}, so that the functions ` +
      'of its episodes cannot be told. Export the run with the server and the toolstone that made it.',
  );
}
