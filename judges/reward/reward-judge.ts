import { fileURLToPath } from 'node:url';
import type { Calibration, Fitness, JudgeErrors } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { JudgeCalls, RewardJudge, TrainingJudge } from '../../core/run-types.ts';
import type { JudgeBackend, RewardSource } from '../../core/trajectory.ts';
import { bundledCalibration } from '../calibration/bundled.ts';
import { readCalibrations } from '../calibration/read.ts';
import { genericRubric } from '../rubric/criteria.ts';
import { calibrationOf, fitnessOf, weighted, type Known } from '../calibration/fitness.ts';
import { ask, type BundledCalibration, type JudgeResources } from '../judge-definition.ts';
import { judgeDefinition, judgeNamed } from '../judge-list.ts';
import type { CostedJudge } from '../language/language-judge.ts';
import { errorsIn, rewardVariance } from './reward-variance.ts';
import { rubricReward } from '../rubric/rubric.ts';

/**
 * Opens the judge that a training is rewarded by. Criteria that it is unfit for are refused or down-weighted as asked, by its
 * calibration or, where its errors were planted, by them. `criteria` are the ids in the rubrics of the tasks.
 * @throws UsageError where the judge, its calibration or its fitness is not there.
 */
export async function openRewardJudge(
  choice: TrainingJudge,
  criteria: Iterable<string>,
  resources: JudgeResources = {},
): Promise<{ readonly use: RewardJudge; readonly source: RewardSource; readonly costs?: () => JudgeCalls }> {
  const backend = await judgeNamed(choice.name, resources);
  const { calibration: bundled } = await judgeDefinition(choice.name);
  const calibration = calibrationFor(choice, backend, bundled);
  const ids = choice.rubric === 'generic' ? genericRubric.criteria.map(({ id }) => id) : [...new Set(criteria)];
  const fitness = choice.unfit === 'accept' ? null : fitnessFor(choice, backend, calibration, ids);
  const { name, build, prompt } = backend;
  const use: RewardJudge = {
    asked: choice,
    judge: { name, build, prompt },
    rubric: choice.rubric,
    formula: choice.formula,
    calibration: calibration?.stamp ?? null,
    fitness,
  };
  const source = sourceOf(use, backend, errorsOf(backend, calibration));
  return 'costs' in backend ? { use, source, costs: (backend as CostedJudge).costs } : { use, source };
}

function sourceOf(
  { rubric, formula, fitness }: RewardJudge,
  backend: JudgeBackend,
  errors: (criterion: string) => JudgeErrors | null,
): RewardSource {
  return async (task, episodes, signal) => {
    const shown = rubric === 'own' ? task : { ...task, rubric: genericRubric };
    const counted = fitness ? weighted(shown.rubric, fitness) : shown.rubric;
    const answers = await ask(backend, shown, episodes, signal);
    return episodes.map(({ success }, index) => {
      const verdicts = answers[index] ?? [];
      const reward = success === null ? null : rubricReward(counted, verdicts, formula);
      return reward === null
        ? { verdicts, reward }
        : { verdicts, reward, variance: rewardVariance(counted, verdicts, errors, formula) };
    });
  };
}

/** `null` where nobody has calibrated the judge and nobody need have. */
function calibrationFor(
  choice: TrainingJudge,
  backend: JudgeBackend,
  bundled: BundledCalibration | undefined,
): Calibration | null {
  if (choice.calibration !== undefined) {
    const name = bundled && choice.rubric === 'generic' ? bundled.holisticName : backend.name;
    return calibrationOf({ ...backend, name }, readCalibrations(choice.calibration));
  }
  if (!bundled) return null;
  const found = bundledCalibration(backend, bundled, choice.rubric);
  // Weights of one's own are not those that were calibrated here.
  if (found || choice.unfit === 'accept') return found;
  return calibrationOf(backend, readCalibrations(fileURLToPath(bundled.file)));
}

function fitnessFor(
  { name, thresholds, unfit }: TrainingJudge,
  { planted }: JudgeBackend,
  calibration: Calibration | null,
  criteria: readonly string[],
): Fitness {
  const figures = planted ? plantedFigures(planted, criteria) : calibration;
  if (!figures) {
    throw new UsageError(
      `Nobody has said how far the judge ${name} agrees with labels, so it is not known for fit to reward a training. ` +
        'Name what `toolstone calibrate` wrote with --calibration, or take it as it is with --unfit accept.',
    );
  }
  const fitness = fitnessOf(figures, criteria, thresholds);
  const refused = Object.entries(fitness.criteria).filter(([, { factor }]) => factor === 0);
  const isNothingLeft = refused.length === criteria.length;
  if (refused.length === 0 || (unfit === 'down-weight' && !isNothingLeft)) return fitness;
  const reasons = [...Map.groupBy(refused, ([, { why }]) => why)]
    .map(([why, of]) => `${of.map(([criterion]) => `"${criterion}"`).join(', ')} (${why})`)
    .join('; ');
  const cure = isNothingLeft ? '' : 'Train without them by --unfit down-weight, which also weighs the rest. ';
  throw new UsageError(
    `By the thresholds "${thresholds}" the judge ${name} is unfit for ${refused.length} of ${criteria.length} criteria: ${reasons}. ` +
      `${cure}To take the judge as it is, say --unfit accept.`,
  );
}

/** Known by construction, whatever the number of labels. */
const plantedFigures = (planted: (criterion: string) => JudgeErrors, criteria: readonly string[]): Known => ({
  byCriterion: Object.fromEntries(
    criteria.map((criterion) => {
      const { sensitivity, specificity } = planted(criterion);
      const value = (sensitivity + specificity) / 2;
      return [criterion, { items: Infinity, balancedAccuracy: { value, low: value, high: value } }];
    }),
  ),
});

const errorsOf =
  ({ planted }: JudgeBackend, calibration: Calibration | null) =>
  (criterion: string): JudgeErrors | null => {
    if (planted) return planted(criterion);
    const isCalibrated = calibration !== null && Object.hasOwn(calibration.byCriterion, criterion);
    return isCalibrated ? errorsIn(calibration.byCriterion[criterion]) : null;
  };
