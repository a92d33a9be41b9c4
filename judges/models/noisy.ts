import type { JudgeErrors } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Verdict } from '../../core/reward-types.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import type { JudgeBackend, Trajectory } from '../../core/trajectory.ts';
import type { JudgeContext, JudgeDefinition } from '../judge-definition.ts';

/**
 * `noisy:SENSITIVITY/SPECIFICITY`, e.g. `noisy:0.9/0.8`: code's verdicts with planted errors, to learn at which quality a
 * judge stops being of use. `noisy:calibration.json` plants the errors that `toolstone calibrate` found of another judge,
 * criterion by criterion. A score from ½ is a yes, which stays one with probability SENSITIVITY and else becomes
 * 1 − score; of the others SPECIFICITY is the share that stays. Drawn by the episode's seed and the criterion alone: the
 * same episode errs alike in every run, and what a better judge gets wrong a worse one gets wrong too.
 */
export default { usage: 'noisy:SENSITIVITY/SPECIFICITY', open: noisyJudge } satisfies JudgeDefinition;

async function noisyJudge(argument: string, { judgeNamed }: JudgeContext): Promise<JudgeBackend> {
  const planted = argument.endsWith('.json') ? await errorsFound(argument) : errorsStated(argument);
  const code = await judgeNamed('code');
  return {
    ...code,
    name: `noisy:${argument}`,
    planted,
    judge: async (task, trajectories) => {
      const answers = await code.judge(task, trajectories);
      return trajectories.map((one, index) =>
        (answers[index] ?? []).map((verdict) => withNoise(verdict, one, planted)),
      );
    },
  };
}

type Errors = (criterion: string) => JudgeErrors;

function withNoise(verdict: Verdict, { seed, key, policyVersion }: Trajectory, planted: Errors): Verdict {
  if (verdict.state === 'unscored') return verdict;
  const { sensitivity, specificity } = planted(verdict.criterion);
  const { uniform } = randomStream(seedOf('planted noise', seed, key.phase, policyVersion, verdict.criterion));
  const stays = uniform() < (verdict.score >= 0.5 ? sensitivity : specificity);
  return stays ? verdict : { ...verdict, score: 1 - verdict.score };
}

function errorsStated(argument: string): Errors {
  const [sensitivity = NaN, specificity = NaN, ...more] = argument
    .split('/')
    .map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (more.length > 0 || !isShare(sensitivity) || !isShare(specificity)) {
    throw new UsageError(
      `The judge "noisy:${argument}" states no errors. Give SENSITIVITY/SPECIFICITY, each from 0 to 1, e.g. noisy:0.9/0.8, ` +
        'or the calibration.json of another judge.',
    );
  }
  return () => ({ sensitivity, specificity });
}

const isShare = (value: number) => value >= 0 && value <= 1;

/** Of the file's first record; a criterion that it does not know errs as the judge does overall. */
async function errorsFound(path: string): Promise<Errors> {
  const { readCalibrations } = await import('../calibration/read.ts');
  const { errorsIn } = await import('../reward/reward-variance.ts');
  const [record] = readCalibrations(path);
  const overall = record && errorsIn(record.overall);
  if (!record || !overall)
    throw new UsageError(`${path} tells no sensitivity and specificity. Calibrate on more labels.`);
  return (criterion) =>
    (Object.hasOwn(record.byCriterion, criterion) && errorsIn(record.byCriterion[criterion])) || overall;
}
