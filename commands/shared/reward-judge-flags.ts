import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { unfitPolicies, type FitnessName, type UnfitPolicy } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { FormulaName } from '../../core/reward-types.ts';
import type { RubricName } from '../../core/rubric-kinds.ts';
import { judgeUsages } from '../../judges/judge-list.ts';
import { fitnessOption, formulaOption, rubricOption } from './flags.ts';
import type { JudgeChoice } from './jobs.ts';

/** What a user may say of the judge that a policy is rewarded by. */
export interface RewardJudgeFlags {
  readonly judge?: string | undefined;
  readonly rubric?: RubricName | undefined;
  readonly formula?: FormulaName | undefined;
  readonly calibration?: string | undefined;
  readonly fitness?: FitnessName | undefined;
  readonly unfit?: UnfitPolicy | undefined;
}

/** Adds them to a command that trains, or serves those that do; typed, so that the action knows the flags. */
export const withRewardJudge = async <Args extends unknown[], Flags extends OptionValues, Global extends OptionValues>(
  command: Command<Args, Flags, Global>,
): Promise<Command<Args, Flags & RewardJudgeFlags, Global>> => {
  command
    .option(
      '--judge <name>',
      `judge that scores the rubric: ${(await judgeUsages()).join(', ')}, or ./mine.ts (default: code)`,
    )
    .addOption(rubricOption())
    .addOption(formulaOption('formula that turns its verdicts into a reward (default: weight-proportional)'))
    .option('--calibration <file>', 'calibration.json of that judge; by default the one that Toolstone brings for it')
    .addOption(fitnessOption('thresholds that its criteria must reach (default: strict)'))
    .addOption(
      new Option(
        '--unfit <policy>',
        'what to do about criteria below the thresholds (default: refuse the training)',
      ).choices(unfitPolicies),
    );
  // Without the type above the compiler would have to write down that of the chain, which it cannot, for the package.
  return command;
};

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
