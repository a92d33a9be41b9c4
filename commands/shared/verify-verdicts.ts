import { trajectoryFile, eachRecord } from '../../core/record/run-files.ts';
import type { Manifest } from '../../core/run-types.ts';
import { isOwnSuiteName } from '../../core/task-id.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { score } from '../../judges/reward/rewards.ts';
import { tasksOfJob } from './played-tasks.ts';
import { suiteOfRun } from './stored-run.ts';
import type { TaskFileSource } from '../../suites/tasks/suite-list.ts';

/** What came of deriving success, verdicts and rewards of all episodes again. */
export interface VerdictsAnew {
  readonly episodes: number;
  readonly differences: readonly string[];
  /** Why they could not be derived. */
  readonly unverified: readonly string[];
}

const nothing = (why: string): VerdictsAnew => ({ episodes: 0, differences: [], unverified: [why] });

/** Derives success, verdicts and rewards from each record and its task, as the run did when its episode ended. Throws `UsageError`. */
export async function verdictsAnew(
  folder: string,
  manifest: Manifest,
  tasks: TaskFileSource | undefined,
): Promise<VerdictsAnew> {
  if (isOwnSuiteName(manifest.suite) && tasks === undefined)
    return nothing('Success and rewards: the run was of your own tasks; name their file with --tasks.');
  if (manifest.rejudged || manifest.rewardJudges)
    return nothing(
      'Success and rewards: they hold verdicts of a judge other than code, which only that judge can give again.',
    );
  const suite = await suiteOfRun(manifest, tasks);
  const known = new Map<string, Task>(
    manifest.jobs.flatMap((job) => tasksOfJob(suite, job)).map((task) => [task.id, task]),
  );
  const differences: string[] = [];
  let [episodes, unknown] = [0, 0];
  eachRecord(folder, trajectoryFile, (record, { number }) => {
    const task = known.get(record.key.task);
    if (task === undefined) {
      unknown += 1;
      return;
    }
    episodes += 1;
    const differing = differingKeys(record, score(task, record));
    if (differing.length > 0)
      differences.push(`${trajectoryFile.name}, line ${number}: ${differing.join(' and ')} would be otherwise today.`);
  });
  const lost = `Success and rewards of ${unknown} episodes: the suite ${suite.name} has no such task.`;
  return { episodes, differences, unverified: unknown > 0 ? [lost] : [] };
}

const scoredKeys = ['success', 'verdicts', 'rewards'] as const;

const differingKeys = (before: ScoredTrajectory, now: ScoredTrajectory): string[] =>
  scoredKeys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]));
