import { errorFunction } from 'simple-statistics';
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
 *
 * `noisy:NUMBERpoints`, e.g. `noisy:1.5points`, errs as one holistic score does, by degree: in whole points from 0 to 10, off by a
 * normal error of so many points' standard deviation.
 */
export default {
  usage: 'noisy:SENSITIVITY/SPECIFICITY or noisy:NUMBERpoints',
  open: noisyJudge,
} satisfies JudgeDefinition;

async function noisyJudge(argument: string, { judgeNamed }: JudgeContext): Promise<JudgeBackend> {
  const noise = argument.endsWith('points')
    ? byDegree(argument)
    : turnedRound(argument.endsWith('.json') ? await errorsFound(argument) : errorsStated(argument));
  const code = await judgeNamed('code');
  return {
    ...code,
    name: `noisy:${argument}`,
    planted: noise.planted,
    judge: async (task, trajectories) => {
      const answers = await code.judge(task, trajectories);
      return trajectories.map((one, index) => (answers[index] ?? []).map((verdict) => noise.said(verdict, one)));
    },
  };
}

type Errors = (criterion: string) => JudgeErrors;

interface Noise {
  readonly planted: Errors;
  readonly said: (verdict: Verdict, trajectory: Trajectory) => Verdict;
}

const drawsFor = (criterion: string, { seed, key, policyVersion }: Trajectory) =>
  randomStream(seedOf('planted noise', seed, key.phase, policyVersion, criterion));

const turnedRound = (planted: Errors): Noise => ({
  planted,
  said: (verdict, trajectory) => {
    if (verdict.state === 'unscored') return verdict;
    const { sensitivity, specificity } = planted(verdict.criterion);
    const { uniform } = drawsFor(verdict.criterion, trajectory);
    const stays = uniform() < (verdict.score >= 0.5 ? sensitivity : specificity);
    return stays ? verdict : { ...verdict, score: 1 - verdict.score };
  },
});

/** Probability that a standard normal variable is below `z`. */
const below = (z: number): number => (1 + errorFunction(z / Math.SQRT2)) / 2;

/** Whole points, of which 5 and more are a yes: what is errorless 10 or 0 stays so while it is off by less than 5.5 or 4.5. */
function byDegree(argument: string): Noise {
  const text = argument.slice(0, -'points'.length);
  const points = text.trim() === '' ? NaN : Number(text);
  if (!(points >= 0 && points < Infinity)) throw statesNone(argument);
  const errors: JudgeErrors = {
    sensitivity: below(5.5 / points),
    specificity: below(4.5 / points),
    variance: (points / 10) ** 2,
  };
  return {
    planted: () => errors,
    said: (verdict, trajectory) => {
      if (verdict.state === 'unscored') return verdict;
      const { uniform } = drawsFor(verdict.criterion, trajectory);
      // Box and Muller 1958; 1 − uniform is never 0.
      const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
      const off = Math.round(10 * verdict.score + points * normal);
      return { ...verdict, score: Math.min(10, Math.max(0, off)) / 10 };
    },
  };
}

function errorsStated(argument: string): Errors {
  const [sensitivity = NaN, specificity = NaN, ...more] = argument
    .split('/')
    .map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (more.length > 0 || !isShare(sensitivity) || !isShare(specificity)) {
    throw statesNone(argument);
  }
  return () => ({ sensitivity, specificity });
}

const statesNone = (argument: string): UsageError =>
  new UsageError(
    `The judge "noisy:${argument}" states no errors. Give SENSITIVITY/SPECIFICITY, each from 0 to 1, e.g. noisy:0.9/0.8, points from 0, ` +
      'e.g. noisy:1.5points, or the calibration.json of another judge.',
  );

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
