import type { Job, Manifest, RewardJudge, TrainingJudge } from '../../core/run-types.ts';
import type { Suite, Task } from '../../core/types.ts';
import type { JudgeResources } from '../../judges/judge-definition.ts';
import { openRewardJudge } from '../../judges/reward/reward-judge.ts';
import { sampled } from '../../suites/tasks/samples.ts';

/**
 * Opens the judge that a training on this suite is rewarded by; `jobs` are those that it judges, and tell the tasks that a rubric file has to hold.
 * Throws `UsageError` where it may not be.
 */
export const rewardJudgeOf = (
  judge: TrainingJudge,
  suite: Suite,
  jobs: readonly Job[] = [],
  resources: JudgeResources = {},
) =>
  openRewardJudge(
    judge,
    suite.name,
    judge.rubric?.endsWith('.jsonl') === true ? judgedTasks(jobs, suite) : sampled(suite),
    resources,
  );

/** Tasks whose episodes a training's judge is shown: those that it learns from, and those that it is measured on at the end. */
function judgedTasks(jobs: readonly Job[], suite: Suite): Task[] {
  const tasks = jobs.flatMap(({ training, evaluations }) => {
    const updates = training ? Math.ceil(training.episodes / (training.groupSize * training.groupsPerUpdate)) : 0;
    const groups = updates * (training?.groupsPerUpdate ?? 0);
    return [
      ...suite.tasks('train', groups, training?.families),
      ...evaluations.flatMap(({ split, tasks: count }) => suite.tasks(split, count)),
    ];
  });
  return [...new Map(tasks.map((task) => [task.id, task])).values()];
}

/**
 * A run's manifest with what is known of the judges that its trainings are rewarded by, so that a run by another judge, or
 * by the same with another fitness or other rubrics, is another run. Throws `UsageError` where one is unfit.
 */
export async function withRewardJudges(manifest: Manifest, suite: Suite): Promise<Manifest> {
  const byJudge = Map.groupBy(
    manifest.jobs.filter(({ training }) => training?.judge),
    ({ training }) => JSON.stringify(training?.judge),
  );
  if (byJudge.size === 0) return manifest;
  const rewardJudges: RewardJudge[] = [];
  for (const jobs of byJudge.values())
    rewardJudges.push((await rewardJudgeOf(jobs[0]?.training?.judge as TrainingJudge, suite, jobs)).use);
  const { jobs, ...rest } = manifest;
  return { ...rest, rewardJudges, jobs };
}
