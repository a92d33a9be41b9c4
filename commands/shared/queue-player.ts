import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { episodesAtOnce, openEachPolicy } from '../../baselines/open-policies.ts';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { Session } from '../../core/queue/names.ts';
import type { SessionPlayer } from '../../core/queue/serve-queue.ts';
import { chooseCounting, chosenCounter } from '../../core/run/chosen.ts';
import { threadCrew } from '../../core/run/run-jobs.ts';
import { chooseOwnServers } from '../../envs/client-files/choice.ts';
import { confinement } from '../../envs/confinement/choice.ts';
import { chooseDeadlines } from '../../envs/processes/deadlines.ts';
import { tellConfinement } from './confinement.ts';
import { differencesOf, makingOf, type Making } from './making.ts';
import { entry } from './places.ts';
import type { RunDescription } from './queue-run.ts';
import { rewardJudgesOf } from './reward-judges.ts';
import { playedSuite } from './worker-suite.ts';
import type { WorkerSettings } from './worker.ts';

/**
 * Makes this machine ready to play a run of a queue, `concurrency` episodes at a time or as many as suit it. Throws `UsageError` that names
 * what is not as the run needs it.
 */
export async function queuePlayer(
  { run, description }: Session,
  concurrency: number | undefined,
): Promise<SessionPlayer> {
  const { jobs, making, ...told } = description as RunDescription;
  const file = taskFileHere(told);
  try {
    const settings = await checkedSettings({ ...told.settings, suite: file.suite }, run, jobs, making);
    const { startWorker, width } = threadCrew(entry, settings, Infinity, concurrency ?? (await episodesAtOnce(jobs)));
    return { startWorker, width, close: async () => file.remove() };
  } catch (error) {
    file.remove();
    throw error;
  }
}

/** What threads of this machine are told, once all that decides episodes is as in the run, and its policies and judges answer. */
async function checkedSettings(
  settings: Omit<WorkerSettings, 'lanes'>,
  run: string,
  jobs: RunDescription['jobs'],
  making: Making,
): Promise<Omit<WorkerSettings, 'lanes'>> {
  chooseCounting(settings.counting ?? {});
  chooseDeadlines(settings.deadlines ?? {});
  if (settings.ownServers) chooseOwnServers({ ...settings.ownServers, programs: {} });
  const differing = await (async () => {
    try {
      const suite = await playedSuite(settings);
      const differences = differencesOf(making, makingOf(suite, jobs));
      if (differences.length > 0) return differences;
      tellConfinement(suite);
      // What is wrong of this machine alone would else end the run.
      await openEachPolicy(jobs, suite, { ceilings: settings.ceilings, isPreflight: true, counter: chosenCounter() });
      await rewardJudgesOf(jobs, suite);
      return [];
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return [messageOf(error)];
    }
  })();
  if (differing.length === 0) return { ...settings, confinement: confinement() };
  throw new UsageError(
    [`This machine cannot play the run ${run} as it should be:`, ...differing.map((one) => `  ${one}`)].join('\n'),
  );
}

/** The task file: where the run has it if this machine has one there, too, else of the text that came with the run. */
function taskFileHere({ settings: { suite }, taskFile }: Pick<RunDescription, 'settings' | 'taskFile'>) {
  if (typeof suite === 'string' || taskFile === undefined || existsSync(suite.file))
    return { suite, remove: () => undefined };
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-tasks-'));
  const file = join(folder, taskFile.name);
  writeFileSync(file, taskFile.text, 'base64');
  return { suite: { ...suite, file }, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
