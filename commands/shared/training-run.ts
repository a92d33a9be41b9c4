import type { RewardName } from '../../core/reward-types.ts';
import type { Job } from '../../core/run-types.ts';
import { trainingJob, variantsOf, type JudgeChoice, type TrainingJobOptions } from './jobs.ts';

type Learning = Pick<
  TrainingJobOptions,
  'algorithm' | 'policy' | 'execution' | 'warmStart' | 'groupSize' | 'curriculum' | 'stopAt' | 'families'
>;

export interface TrainingRunOptions extends Learning {
  /** Absent: code on the usual rubrics. */
  readonly judge?: JudgeChoice | undefined;
  readonly reward?: RewardName;
  readonly view?: string;
  readonly episodes?: number;
  readonly seeds?: number;
}

/** What `toolstone train` runs: one arm on several seeds. Throws `UsageError` where options do not go together. */
export function trainingRun(options: TrainingRunOptions): { readonly name: string; readonly jobs: readonly Job[] } {
  const { reward = 'rubric', view = 'tool', episodes = 2048, seeds = 1, judge, ...learning } = options;
  const arm = {
    ...learning,
    ...(judge ? { judge } : {}),
    reward,
    view,
    episodes,
    evaluations: [{ split: 'test', tasks: 60 }],
    seed: 1,
  } as const;
  const learner = options.algorithm === 'grpo' ? [] : [options.algorithm];
  const label = [
    reward,
    ...(judge ? [judge.name, ...(judge.rubric ? [judge.rubric] : [])] : []),
    ...learner,
    ...variantsOf(arm),
  ];
  const rows = { rewards: label.join(', ') };
  const jobs = Array.from({ length: seeds }, (_, index) => trainingJob({ ...arm, seed: index + 1, rows }));
  return { name: `train-${(jobs[0] as Job).name.replace(/\/.*/, '')}`, jobs };
}
