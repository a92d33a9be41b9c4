import { fileURLToPath } from 'node:url';
import type { Calibration, Fitness, JudgeErrors } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { RewardComponent } from '../../core/reward-types.ts';
import type { JudgeCalls, RewardJudge, TrainingJudge } from '../../core/run-types.ts';
import type { Judged, JudgeBackend, RewardSource } from '../../core/trajectory.ts';
import type { Task } from '../../core/types.ts';
import { bundledCalibration } from '../calibration/bundled.ts';
import { readCalibrations } from '../calibration/read.ts';
import { checkedByCode, default as codeJudge } from '../code/code-judge.ts';
import { calibrationOf, fitnessOf, weighted, type Known } from '../calibration/fitness.ts';
import { ask, type BundledCalibration, type JudgeResources } from '../judge-definition.ts';
import { judgeDefinition, judgeNamed } from '../judge-list.ts';
import type { CostedJudge } from '../language/language-judge.ts';
import { errorsIn, rewardVariance } from './reward-variance.ts';
import { rewardComponents } from '../rubric/components.ts';
import { rubricsNamed, rubricsRecord, withRubrics, type ChosenRubrics } from '../rubric/file.ts';
import { isSum, rubricReward } from '../rubric/rubric.ts';

/** A judge that is open for a training. */
export interface OpenRewardJudge {
  readonly use: RewardJudge;
  readonly source: RewardSource;
  /** A task with the rubric that the judge is asked. Throws `UsageError` where a file of rubrics lacks it. */
  readonly shown: (task: Task) => Task;
  /** Whether the reward is a sum, which has components. */
  readonly isSum: boolean;
  /** What the reward of an episode of the task is the sum of, by the judge's verdicts. */
  readonly components: (task: Task, judged: Judged) => readonly RewardComponent[];
  readonly costs?: () => JudgeCalls;
}

/**
 * Opens the judge that a training is rewarded by. Criteria that it is unfit for are refused or down-weighted as asked, by its
 * calibration or, where its errors were planted, by them. `tasks` are of the suite: all that are to be judged where a file holds
 * their rubrics, else a sample with all criteria that its tasks have.
 * @throws UsageError where the judge, its rubrics, its calibration or its fitness is not there.
 */
export async function openRewardJudge(
  choice: TrainingJudge,
  suite: string,
  tasks: readonly Task[],
  resources: JudgeResources = {},
): Promise<OpenRewardJudge> {
  const backend = await judgeNamed(choice.name, resources);
  const rubrics = rubricsNamed(choice.rubric, suite);
  const criteria = withRubrics(tasks, rubrics).flatMap(({ rubric }) => rubric.criteria.map(({ id }) => id));
  const ids = [...new Set(criteria)];
  const uncheckable = choice.name === 'code' ? ids.find((id) => !checkedByCode.has(id)) : undefined;
  if (uncheckable !== undefined)
    throw new UsageError(
      `Code has no check for the criterion "${uncheckable}", and cannot read its words. Name a --judge that reads them.`,
    );
  const { calibration: bundled } = await judgeDefinition(choice.name);
  const calibration = calibrationFor(choice, backend, bundled, rubrics);
  const fitness = choice.unfit === 'accept' ? null : fitnessFor(choice, backend, calibration, ids);
  const { name, build, prompt } = backend;
  const use: RewardJudge = {
    asked: choice,
    judge: { name, build, prompt },
    rubric: rubricsRecord(
      rubrics,
      tasks.map(({ id }) => id),
    ),
    formula: choice.formula,
    calibration: calibration?.stamp ?? null,
    fitness,
  };
  const shown = (task: Task): Task => withRubrics([task], rubrics)[0] as Task;
  const counted = (task: Task) => (fitness ? weighted(shown(task).rubric, fitness) : shown(task).rubric);
  return {
    use,
    source: sourceOf(use, backend, { shown, counted, errors: errorsOf(backend, calibration) }),
    shown,
    isSum: isSum(choice.formula),
    components: (task, { verdicts }) => rewardComponents(counted(task), verdicts, choice.formula),
    ...('costs' in backend ? { costs: (backend as CostedJudge).costs } : {}),
  };
}

interface Asking {
  /** A task with the rubric that the judge is asked, and that rubric with what the judge is fit for. */
  readonly shown: (task: Task) => Task;
  readonly counted: (task: Task) => Task['rubric'];
  readonly errors: (criterion: string) => JudgeErrors | null;
}

function sourceOf({ formula }: RewardJudge, backend: JudgeBackend, { shown, counted, errors }: Asking): RewardSource {
  return async (task, episodes, signal) => {
    const [asked, rubric] = [shown(task), counted(task)];
    const isUsual = asked === task && formula === 'weight-proportional';
    const isCheckable = asked.rubric.criteria.every(({ id }) => checkedByCode.has(id));
    const answers = await ask(backend, asked, episodes, signal);
    return episodes.map((episode, index) => {
      const verdicts = answers[index] ?? [];
      const reward = episode.outcome.kind === 'failed' ? null : rubricReward(rubric, verdicts, formula);
      if (reward === null) return { verdicts, reward };
      return {
        verdicts,
        reward,
        variance: rewardVariance(rubric, verdicts, errors, formula),
        ...(isUsual || !isCheckable ? {} : { byCode: rubricReward(asked.rubric, codeJudge(asked, episode), formula) }),
      };
    });
  };
}

/** `null` where nobody has calibrated the judge and nobody need have. */
function calibrationFor(
  choice: TrainingJudge,
  backend: JudgeBackend,
  bundled: BundledCalibration | undefined,
  rubrics: ChosenRubrics,
): Calibration | null {
  if (choice.calibration !== undefined) {
    const name = bundled && rubrics === 'generic' ? bundled.holisticName : backend.name;
    return calibrationOf({ ...backend, name }, readCalibrations(choice.calibration));
  }
  if (!bundled) return null;
  const found = bundledCalibration(backend, bundled, rubrics);
  if (found || choice.unfit === 'accept' || typeof rubrics !== 'string' || rubrics === 'end-state') return found;
  // Weights of one's own are not those that were calibrated here.
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
      `Nobody has said how far the judge ${name} agrees with labels of these criteria, so it is not known for fit to reward a training. ` +
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
