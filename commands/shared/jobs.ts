import { armLabel } from '../../core/arm-label.ts';
import type { ToolCount } from '../../core/distractor-types.ts';
import { UsageError } from '../../core/errors.ts';
import type { Execution } from '../../core/execution.ts';
import type { RewardName } from '../../core/reward-types.ts';
import type { Evaluation, ExperimentOptions, Job, TableName, Training, TrainingJudge } from '../../core/run-types.ts';
import { seedOf } from '../../core/seeds.ts';
import { nameIn } from '../../core/settings.ts';
import type { Split, ViewName } from '../../core/types.ts';
import { judgeKind } from '../../judges/judge-list.ts';

export type Evaluations = readonly Evaluation[];
export type Rows = Readonly<Partial<Record<TableName, string>>>;

/** The shape of training that learnt on every seed tried: eight episodes a task, four tasks an update. */
export const trainingShape = {
  groupSize: 8,
  groupsPerUpdate: 4,
  validationTasks: 24,
  recordEvery: 16,
} as const;

/** A policy that knew nothing of tool use before so many demonstrations, and then solves about half of `basic`. */
export const warmStartOfRecord = { policy: 'pointer?priors=none', warmStart: 256 } as const;

/** The views that grids compare, whatever others there are: tables of record hang on them and on their order. */
export const comparedViews = ['eager', 'server', 'tool'] as const;

export interface TrainingJobOptions {
  readonly algorithm: string;
  readonly reward: RewardName;
  /** Judge of the rubric in place of code; what is left out is as `trainingJudge` says. */
  readonly judge?: JudgeChoice;
  /** The embedded policy as its training begins, e.g. `pointer?priors=none`. */
  readonly policy?: string;
  /** Demonstrations before the learner begins. */
  readonly warmStart?: number;
  /** Episodes per group; an update keeps its number of episodes. */
  readonly groupSize?: number;
  readonly curriculum?: 'short-first';
  readonly stopAt?: number;
  /** Those trained on; absent: all. */
  readonly families?: readonly string[];
  /** Tools that it is trained among; absent: those of the run. */
  readonly tools?: ToolCount | undefined;
  readonly view: ViewName;
  /** Absent: `calls`. */
  readonly execution?: Execution;
  readonly seed: number;
  readonly episodes: number;
  readonly rows: Rows;
  readonly evaluations: Evaluations;
}

/** What tells one arm of a grid from another. */
export interface Arm extends Omit<TrainingJobOptions, 'view' | 'seed' | 'episodes' | 'evaluations'> {
  /** Absent: that of the run. */
  readonly view?: ViewName;
}

/** Those of a plan that a suite has; all where the suite is open. Throws `UsageError` where it has none. */
export function measuredOn(plan: Evaluations, splits: readonly Split[] | undefined): Evaluations {
  const measured = plan.filter(({ split }) => splits?.includes(split) ?? true);
  if (measured.length > 0) return measured;
  const names = plan.map(({ split }) => split).join(', ');
  throw new UsageError(
    `This measures on ${names}, and the suite has ${splits?.join(', ') ?? 'none'}. Choose another suite.`,
  );
}

/** Jobs of the chosen rows; all where none was chosen. Throws `UsageError` on a row that there is not. */
export function onlyRows(jobs: readonly Job[], chosen: readonly string[] | undefined): readonly Job[] {
  if (jobs.length === 0) throw new UsageError('That leaves nothing to run: leave out --reward.');
  if (chosen === undefined) return jobs;
  const labels = new Set(jobs.flatMap(({ rows }) => Object.values(rows)));
  const unknown = chosen.find((label) => !labels.has(label));
  if (unknown !== undefined) {
    const names = [...labels].map((label) => `"${label}"`).join(', ');
    throw new UsageError(`The experiment has no row "${unknown}". It has ${names}.`);
  }
  return jobs.filter(({ rows }) => Object.values(rows).some((label) => chosen.includes(label)));
}

/** Folder of an experiment's tables of record. */
export const recordName = (experiment: string, suite: string, judge: string | undefined): string =>
  [experiment, ...(judge === undefined ? [] : [judgeKind(judge)]), ...(suite === 'basic' ? [] : [suite])].join('-');

export type JudgeChoice = Partial<TrainingJudge> & Pick<TrainingJudge, 'name'>;

/** Judges are strangers until a calibration says otherwise. */
const trainingJudge = {
  formula: 'weight-proportional',
  thresholds: 'strict',
  unfit: 'refuse',
} as const;

/** e.g. `rubric` by code, `rubric-embedded`, `rubric-noisy-0.9-0.8-accept`: tells jobs and runs of other rewards apart. */
export function rewardSlug(reward: RewardName, judge: JudgeChoice | undefined): string {
  if (!judge) return reward;
  const { name, calibration, ...more } = judge;
  const settings = Object.entries(more).filter(
    ([key, value]) => trainingJudge[key as keyof typeof trainingJudge] !== value,
  );
  return [reward, slug(name), ...settings.map(([, value]) => value), ...(calibration ? ['calibrated'] : [])]
    .join('-')
    .replace(/[^\w.-]+/g, '-');
}

/** A judge of a reward, with what its user left out; none where code rewards. Throws `UsageError` for a judge of anything but a rubric. */
export function judgeOfReward(reward: RewardName, judge: JudgeChoice | undefined): { readonly judge?: TrainingJudge } {
  if (!judge) return {};
  if (reward === 'rubric') return { judge: { ...trainingJudge, ...judge } };
  throw new UsageError(
    `No judge is asked for the reward ${reward}: leave out --judge, --rubric and --formula, or train on rubric.`,
  );
}

/**
 * A job that trains the embedded policy; named after everything that tells it from its neighbours. Throws `UsageError` for
 * a judge of anything but a rubric.
 */
export function trainingJob(options: TrainingJobOptions): Job {
  const { algorithm, reward, judge, policy = 'pointer', warmStart = 0, view, seed, rows, evaluations } = options;
  const by = judgeOfReward(reward, judge);
  const perUpdate = trainingShape.groupSize * trainingShape.groupsPerUpdate;
  // Demonstrations of one task are all alike: each is of another.
  const isCloning = nameIn(algorithm) === 'behaviour-cloning';
  const { groupSize = isCloning ? 1 : trainingShape.groupSize } = options;
  const shape = { ...trainingShape, groupSize, groupsPerUpdate: perUpdate / groupSize };
  // Whole updates, so that tables state what was really trained.
  const episodes = Math.ceil(options.episodes / perUpdate) * perUpdate;
  const evaluateEvery = Math.max(perUpdate, Math.ceil(episodes / 8 / perUpdate) * perUpdate);
  const { curriculum, stopAt, families, tools } = options;
  const more = {
    ...(warmStart > 0 ? { warmStart } : {}),
    ...(curriculum ? { curriculum } : {}),
    ...(stopAt === undefined ? {} : { stopAt }),
    ...(families ? { families } : {}),
    ...(tools === undefined ? {} : { tools }),
  };
  const training: Training = { reward, ...by, algorithm, ...more, episodes, evaluateEvery, ...shape };
  const parts = [algorithm, rewardSlug(reward, judge), view, ...variantsOf(options)];
  return {
    name: `${parts.map(slug).join('-')}/seed-${seed}`,
    rows,
    seed,
    policy,
    view,
    ...executionIn(options),
    training,
    evaluations,
  };
}

/** The execution of a job that is not as usual. */
const executionIn = ({ execution = 'calls' }: { readonly execution?: Execution }): Pick<Job, 'execution'> =>
  execution === 'calls' ? {} : { execution };

/** A training of each arm with each seed, of those rewards alone that were asked for. */
export const armJobs = (
  arms: readonly Arm[],
  { seeds, episodes, view, rewards }: ExperimentOptions,
  evaluations: Evaluations,
): Job[] =>
  Array.from({ length: seeds }, (_, index) => index + 1).flatMap((seed) =>
    arms
      .filter(({ reward }) => rewards?.includes(reward) ?? true)
      .map((arm) => trainingJob({ view, ...arm, seed, episodes, evaluations })),
  );

/** What is not as usual in a training, in words for names and rows. */
export function variantsOf(options: Omit<TrainingJobOptions, 'rows'>): string[] {
  const { policy = 'pointer', warmStart = 0, groupSize, curriculum, stopAt, families, tools } = options;
  return [
    ...Object.values(executionIn(options)),
    ...(policy === 'pointer' ? [] : [policy]),
    ...(warmStart > 0 ? [`warm-${warmStart}`] : []),
    ...(groupSize === undefined ? [] : [`groups-of-${groupSize}`]),
    ...(curriculum ? [curriculum] : []),
    ...(stopAt === undefined ? [] : [`stop-at-${stopAt}`]),
    ...(families ? [families.length > 3 ? `${families.length}-families-${hashOf(families)}` : families.join('+')] : []),
    ...(tools === undefined ? [] : [`among-${tools}`]),
  ];
}

/** Tells one set of families from another. */
const hashOf = (families: readonly string[]): string =>
  seedOf(...[...families].sort())
    .toString(16)
    .padStart(8, '0');

/** As a part of a name of files: `grpo?scale=none` → `grpo-scale-none`, `./mine.ts` → `mine.ts`. */
export const slug = (part: string): string => part.replace(/[^\w.-]+/g, '-').replace(/^[.-]+/, '');

/**
 * A job that only evaluates a policy that does not learn. Its name has no blanks (a checkpoint's path may), since keys are split at
 * them, and no slashes or question marks (an endpoint's address has): names of files are made of it.
 */
export function fixedJob(
  policy: string,
  view: ViewName,
  rows: Rows,
  evaluations: Evaluations,
  seed = 1,
  execution: Execution = 'calls',
): Job {
  const by = executionIn({ execution });
  const escaped = [policy, view, ...Object.values(by)]
    .join('-')
    .replace(/\s+/g, '-')
    .replace(/[/?]/g, encodeURIComponent);
  const name = `${escaped}/seed-${seed}`;
  return { name, rows, seed, policy, view, ...by, training: null, evaluations };
}

/**
 * The policies that do not learn, on the same tasks as those that do: in the view that is trained in what a training begins with (no
 * blank sheet) and the floors, and in each of `comparedViews`, whatever is trained in, those that solve something.
 */
export function anchorJobs(view: ViewName, evaluations: Evaluations): Job[] {
  const untrained = fixedJob('pointer:untrained', view, { algorithms: 'untrained' }, evaluations);
  const floors = ['no-op', 'random'].map((policy) => fixedJob(policy, view, { algorithms: policy }, evaluations));
  const solvers = ['retrieval', 'oracle'].flatMap((policy) =>
    comparedViews.map((shown) => {
      const rows = { views: armLabel(policy, { view: shown }), ...(shown === view ? { algorithms: policy } : {}) };
      return fixedJob(policy, shown, rows, evaluations);
    }),
  );
  return [untrained, ...floors, ...solvers];
}
