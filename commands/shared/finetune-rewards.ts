import { UsageError } from '../../core/errors.ts';
import type { FinetuneKind } from '../../core/record/training-record.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { TrainingJudge } from '../../core/run-types.ts';
import type { Suite, Task } from '../../core/types.ts';
import type { OpenRewardJudge } from '../../judges/reward/reward-judge.ts';
import { rewardComponents } from '../../judges/rubric/components.ts';
import type { RewardJudgeFlags } from './flags.ts';
import { judgeOfReward } from './jobs.ts';
import { judgeChosen } from './judge-chosen.ts';
import { refuseUnrewarded } from './own-jobs.ts';
import { servedJudge } from './served.ts';

export interface FinetuneRewardFlags extends RewardJudgeFlags {
  readonly reward: RewardName;
  readonly normalise?: 'sum' | 'component' | undefined;
  /** The task file, if tasks are the user's own. */
  readonly tasks?: string | undefined;
}

/** What rewards a finetuning. */
export interface FinetuneRewards {
  /** Its judge as asked for, and open; absent where code rewards. */
  readonly asked: { readonly judge?: TrainingJudge };
  readonly open?: OpenRewardJudge | undefined;
  /** The criteria that are each normalised by itself, with their weights; absent where whole rewards are. */
  readonly components?: readonly Part[] | undefined;
}

type Part = readonly [criterion: string, weight: number];

/** What rewards a finetuning on so many tasks of a suite. Throws `UsageError` where flags do not go together, or the judge may not be used. */
export async function finetuneRewards(
  kind: FinetuneKind,
  flags: FinetuneRewardFlags,
  suite: Suite,
  tasks: number,
): Promise<FinetuneRewards> {
  const chosen = judgeChosen(flags, flags.tasks);
  const { reward } = flags;
  if (kind !== 'rft' && kind !== 'grpo') {
    if (!chosen) return { asked: {} };
    throw new UsageError(
      `finetune ${kind} rewards no episode, so that no judge is asked: leave out --judge, --rubric and --formula, or choose rft or grpo.`,
    );
  }
  const asked = judgeOfReward(reward, chosen);
  const learnt = () => suite.tasks('train', tasks);
  if (!asked.judge) refuseUnrewarded(reward, suite, learnt);
  const open = asked.judge && (await servedJudge(asked.judge, suite, { tasks }));
  const isApart = kind === 'grpo' && flags.normalise === 'component';
  return { asked, open, ...(isApart ? { components: partsOf(reward, learnt(), open) } : {}) };
}

/** A trainer elsewhere keeps a column for each. */
const mostParts = 64;

/**
 * The criteria that the rewards of some tasks are the sum of, each with every weight that it has in one of them, for a trainer that
 * normalises each by itself; `judge` is absent where code rewards.
 * @throws UsageError where the reward is no such sum, or of too many parts.
 */
function partsOf(
  reward: RewardName,
  tasks: readonly Task[],
  judge: Pick<OpenRewardJudge, 'components'> | undefined,
): readonly Part[] {
  if (reward !== 'rubric')
    throw new UsageError(
      `The reward ${reward} is no sum over criteria: leave out --normalise component, or take --reward rubric.`,
    );
  const said = { verdicts: [], reward: null };
  const parts = new Map<string, Part>();
  for (const task of tasks) {
    const components = judge ? judge.components(task, said) : rewardComponents(task.rubric, []);
    for (const { criterion, weight } of components) parts.set(`${criterion} ${weight}`, [criterion, weight]);
  }
  if (parts.size <= mostParts) return [...parts.values()];
  throw new UsageError(
    `The rubrics of these tasks have ${parts.size} different pairs of criterion and weight, and --normalise component takes ${mostParts} at ` +
      'most: choose a rubric that weighs the same criteria in every task, such as plan or end-state, or fewer tasks with --limit.',
  );
}
