import { UsageError } from '../../core/errors.ts';
import type { RewardJudgeFlags } from './flags.ts';
import type { JudgeChoice } from './jobs.ts';

/**
 * The judge that flags name; undefined for code on the usual rubrics. What is usual goes without saying, so that it is the same run:
 * of tasks of one's own, in the file `tasks`, that is what they state.
 * @throws UsageError where flags do not go together.
 */
export function judgeChosen(
  { judge: name, rubric: named, formula, calibration, fitness, unfit }: RewardJudgeFlags,
  tasks: string | undefined,
): JudgeChoice | undefined {
  const rubric = named === (tasks === undefined ? 'plan' : 'task') ? undefined : named;
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
