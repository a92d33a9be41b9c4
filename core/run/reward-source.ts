import { UsageError } from '../errors.ts';
import type { Training } from '../run-types.ts';
import type { RewardSource, ScoredTrajectory } from '../trajectory.ts';
import type { Task } from '../types.ts';

/** Episodes of one task with what a judge other than code says of them; as they are where there is none. */
export async function withJudge(
  judge: RewardSource | null,
  task: Task,
  episodes: readonly ScoredTrajectory[],
  signal: AbortSignal,
): Promise<readonly ScoredTrajectory[]> {
  if (judge === null) return episodes;
  const answers = await judge(task, episodes, signal);
  return episodes.map((one, index) => {
    const judged = answers[index];
    if (!judged) throw new Error(`a judge said nothing of episode ${index} of ${task.id}`);
    return { ...one, judged };
  });
}

/** What a policy of this training earned by an episode: the proxy, never the truth. `null` where nothing could be scored. */
export function earned(
  { reward, judge }: Pick<Training, 'reward' | 'judge'>,
  {
    success,
    rewards,
    judged,
  }: Pick<ScoredTrajectory, 'success' | 'rewards'> & {
    readonly judged?: { readonly reward: number | null } | null;
  },
): number | null {
  if (success === null) return null;
  return judge ? (judged?.reward ?? null) : rewards[reward];
}

/** Share of an update's verdicts from which on a judge is taken for gone. */
const mostFailures = 0.5;

/**
 * A judge that fails now and then costs the episodes that it failed; one that is gone would cost the budget.
 * @throws UsageError where more than half of what was asked came to nothing.
 */
export function refuseLostJudge(name: string, episodes: readonly ScoredTrajectory[]): void {
  const verdicts = episodes.flatMap(({ success, judged }) => (success === null ? [] : (judged?.verdicts ?? [])));
  const failed = verdicts.filter((one) => one.state === 'unscored' && one.cause === 'failed');
  const [first] = failed;
  if (failed.length <= mostFailures * verdicts.length || first?.state !== 'unscored') return;
  throw new UsageError(
    `The judge ${name} that rewards the training failed on ${failed.length} of the last ${verdicts.length} questions, first ` +
      `because: ${first.reason.replace(/\.$/, '')}. Make it answer again, then re-run the same command to resume from the last checkpoint.`,
  );
}
