import type { Manifest, RewardJudge, TrainingJudge } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import type { JudgeResources } from '../../judges/judge-definition.ts';
import { openRewardJudge } from '../../judges/reward/reward-judge.ts';
import { rubricsOf } from '../../suites/tasks/samples.ts';

/** Opens the judge that a training on this suite is rewarded by. Throws `UsageError` where it may not be. */
export const rewardJudgeOf = (judge: TrainingJudge, suite: Suite, resources: JudgeResources = {}) =>
  openRewardJudge(
    judge,
    Object.values(rubricsOf(suite)).flatMap((criteria) => criteria.map(({ id }) => id)),
    resources,
  );

/**
 * A run's manifest with what is known of the judges that its trainings are rewarded by, so that a run by another judge, or
 * by the same with another fitness, is another run. Throws `UsageError` where one is unfit.
 */
export async function withRewardJudges(manifest: Manifest, suite: Suite): Promise<Manifest> {
  const judges = manifest.jobs.flatMap(({ training }) => training?.judge ?? []);
  const distinct = new Map(judges.map((judge) => [JSON.stringify(judge), judge]));
  if (distinct.size === 0) return manifest;
  const rewardJudges: RewardJudge[] = [];
  for (const judge of distinct.values()) rewardJudges.push((await rewardJudgeOf(judge, suite)).use);
  const { jobs, ...rest } = manifest;
  return { ...rest, rewardJudges, jobs };
}
