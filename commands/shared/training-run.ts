import type { FitnessName, UnfitPolicy } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { FormulaName, RewardName } from '../../core/reward-types.ts';
import type { RubricName } from '../../core/rubric-kinds.ts';
import type { Job } from '../../core/run-types.ts';
import { trainingJob, variantsOf, type JudgeChoice, type TrainingJobOptions } from './jobs.ts';

type Learning = Pick<
  TrainingJobOptions,
  'algorithm' | 'policy' | 'execution' | 'warmStart' | 'groupSize' | 'curriculum' | 'stopAt' | 'families'
>;

/** What a user may say of the judge that a training is rewarded by. */
interface JudgeOptions {
  readonly judge?: string;
  readonly rubric?: RubricName;
  readonly formula?: FormulaName;
  readonly calibration?: string;
  readonly fitness?: FitnessName;
  readonly unfit?: UnfitPolicy;
}

export interface TrainingRunOptions extends Learning, JudgeOptions {
  readonly reward?: RewardName;
  readonly view?: string;
  readonly episodes?: number;
  readonly seeds?: number;
}

/** What `toolstone train` runs: one arm on several seeds. Throws `UsageError` where options do not go together. */
export function trainingRun(options: TrainingRunOptions): { readonly name: string; readonly jobs: readonly Job[] } {
  const { reward = 'rubric', view = 'tool', episodes = 2048, seeds = 1, judge: _name, ...learning } = options;
  const judge = judgeOf(options);
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

function judgeOf({ judge: name, rubric, formula, calibration, fitness, unfit }: JudgeOptions): JudgeChoice | undefined {
  const asked = { ...(rubric ? { rubric } : {}), ...(formula ? { formula } : {}) };
  const trust = {
    ...(fitness ? { thresholds: fitness } : {}),
    ...(unfit ? { unfit } : {}),
    ...(calibration === undefined ? {} : { calibration }),
  };
  if (name !== undefined && name !== 'code') return { name, ...asked, ...trust };
  // Code's own verdicts need no calibration: they are what labels are compared with.
  if (Object.keys(trust).length > 0)
    throw new UsageError(
      '--calibration, --fitness and --unfit apply to a judge other than code: name it with --judge.',
    );
  return Object.keys(asked).length === 0 ? undefined : { name: 'code', ...asked };
}
