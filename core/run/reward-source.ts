import { UsageError } from '../errors.ts';
import type { RewardName } from '../reward-types.ts';
import type { Job, Training, TrainingJudge } from '../run-types.ts';
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

/**
 * What a policy of this training earned by an episode: the proxy, never the truth. `null` where nothing could be scored, as of a void
 * episode; one whose success is for a judge to say may have earned something.
 */
export const earned = (
  { reward, judge }: Pick<Training, 'reward' | 'judge'>,
  {
    rewards,
    judged,
  }: Pick<ScoredTrajectory, 'rewards'> & { readonly judged?: { readonly reward: number | null } | null },
): number | null => (judge ? (judged?.reward ?? null) : rewards[reward]);

/** Whose verdicts reward the policy of a job, where that is not code on the usual rubrics; it is trained here or elsewhere. */
export const judgeOfJob = ({ training, judge }: Pick<Job, 'training' | 'judge'>): TrainingJudge | undefined =>
  training?.judge ?? judge;

/** What a recorded episode earned its policy by a reward, for trainers elsewhere; `null`: it is excluded. */
export const earnedIn = (reward: RewardName, { rewards, judged }: Pick<ScoredTrajectory, 'rewards' | 'judged'>) =>
  reward === 'rubric' && judged ? judged.reward : rewards[reward];

/** Share of the verdicts on some episodes from which on a judge is taken for gone. */
const mostFailures = 0.5;

/** What an answer of a judge's that is gone looks like; `undefined` while it is there. */
export interface Failures {
  readonly failed: number;
  readonly asked: number;
  /** Why the first came to nothing. */
  readonly reason: string;
}

/** Whether a judge is gone: more than half of what it was asked of these episodes came to nothing. */
export function failuresOf(episodes: readonly Pick<ScoredTrajectory, 'outcome' | 'judged'>[]): Failures | undefined {
  const verdicts = episodes.flatMap(({ outcome, judged }) =>
    outcome.kind === 'failed' ? [] : (judged?.verdicts ?? []),
  );
  const failed = verdicts.filter((one) => one.state === 'unscored' && one.cause === 'failed');
  const [first] = failed;
  if (failed.length <= mostFailures * verdicts.length || first?.state !== 'unscored') return undefined;
  return { failed: failed.length, asked: verdicts.length, reason: first.reason };
}

/** Episodes by whose verdicts a judge is known for gone, where they come one by one: as many as a group has. */
const watchedEpisodes = 8;

/** Looks at each whole episode as it is judged; tells of a judge that is gone by the last eight. */
export function judgeWatch(): (judged: Pick<ScoredTrajectory, 'outcome' | 'judged'>) => Failures | undefined {
  const last: Pick<ScoredTrajectory, 'outcome' | 'judged'>[] = [];
  return ({ outcome, judged }) => {
    if (outcome.kind === 'failed') return undefined;
    last.push({ outcome, ...(judged ? { judged } : {}) });
    if (last.length > watchedEpisodes) last.shift();
    return last.length < watchedEpisodes ? undefined : failuresOf(last);
  };
}

/** How a judge is gone, with the cure. */
export const withJudgeCure = (why: string): string =>
  `${why.replace(/\.$/, '')}. Make it answer again, then re-run the same command to resume.`;

/** What is said of a judge that is gone, with the cure. */
export const lostJudgeText = (name: string, { failed, asked, reason }: Failures): string =>
  withJudgeCure(
    `The judge ${name} that rewards the training failed on ${failed} of the last ${asked} questions, first because: ${reason}`,
  );

/**
 * A judge that fails now and then costs the episodes that it failed; one that is gone would cost the budget.
 * @throws UsageError where there are failures.
 */
export function refuseLostJudge(name: string, failures: Failures | undefined): void {
  if (failures) throw new UsageError(lostJudgeText(name, failures));
}
