import { judgeOfJob } from '../../core/run/reward-source.ts';
import type { Job, Manifest, RewardJudge, TrainingJudge } from '../../core/run-types.ts';
import type { Suite, Task } from '../../core/types.ts';
import type { JudgeResources } from '../../judges/judge-definition.ts';
import { openRewardJudge } from '../../judges/reward/reward-judge.ts';
import { sampled } from '../../suites/tasks/samples.ts';

/**
 * Opens the judge that a policy is rewarded by on this suite; `judged` gives the tasks that a rubric file has to hold.
 * Throws `UsageError` where it may not be.
 */
export const rewardJudgeOf = (
  judge: TrainingJudge,
  suite: Suite,
  judged: () => readonly Task[] = () => [],
  resources: JudgeResources = {},
) =>
  openRewardJudge(judge, suite.name, judge.rubric?.endsWith('.jsonl') === true ? judged() : sampled(suite), resources);

/** Tasks whose episodes the judge of jobs is shown: those that they learn from, and those that they are measured on at the end. */
export function judgedTasks(jobs: readonly Job[], suite: Suite): Task[] {
  const tasks = jobs.flatMap(({ training, evaluations }) => {
    const updates = training ? Math.ceil(training.episodes / (training.groupSize * training.groupsPerUpdate)) : 0;
    const groups = updates * (training?.groupsPerUpdate ?? 0);
    return [
      ...(training ? suite.tasks('train', groups, training.families) : []),
      ...evaluations.flatMap(({ split, tasks: count }) => suite.tasks(split, count)),
    ];
  });
  return [...new Map(tasks.map((task) => [task.id, task])).values()];
}

/**
 * A run's manifest with what is known of the judges that its policies are rewarded by, so that a run by another judge, or
 * by the same with another fitness or other rubrics, is another run. Throws `UsageError` where one is unfit.
 */
export const withRewardJudges = async (manifest: Manifest, suite: Suite): Promise<Manifest> =>
  namingJudges(manifest, await rewardJudgesOf(manifest.jobs, suite));

/** Opens each judge that policies of jobs are rewarded by. Throws `UsageError` where one is unfit. */
export async function rewardJudgesOf(all: readonly Job[], suite: Suite): Promise<readonly RewardJudge[]> {
  const byJudge = Map.groupBy(all.filter(judgeOfJob), (job) => JSON.stringify(judgeOfJob(job)));
  const rewardJudges: RewardJudge[] = [];
  for (const jobs of byJudge.values()) {
    const judge = judgeOfJob(jobs[0] as Job) as TrainingJudge;
    rewardJudges.push((await rewardJudgeOf(judge, suite, () => judgedTasks(jobs, suite))).use);
  }
  return rewardJudges;
}

/** A manifest that names these judges. */
export function namingJudges(manifest: Manifest, rewardJudges: readonly RewardJudge[]): Manifest {
  const { jobs, ...rest } = manifest;
  return rewardJudges.length === 0 ? manifest : { ...rest, rewardJudges, jobs };
}
