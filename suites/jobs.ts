import type { Job, TableName, Training } from '../core/run-types.ts';
import { type RewardName } from '../core/reward-types.ts';
import { viewNames, type Split, type ViewName } from '../core/types.ts';

export type Evaluations = readonly { readonly split: Split; readonly tasks: number }[];
export type Rows = Readonly<Partial<Record<TableName, string>>>;

/** The shape of training that learnt on every seed tried: eight episodes a task, four tasks an update. */
export const trainingShape = {
  groupSize: 8,
  groupsPerUpdate: 4,
  validationTasks: 24,
  recordEvery: 16,
} as const;

export interface TrainingJobOptions {
  readonly algorithm: string;
  readonly reward: RewardName;
  readonly view: ViewName;
  readonly seed: number;
  readonly episodes: number;
  readonly rows: Rows;
  readonly evaluations: Evaluations;
}

/** A job that trains the embedded policy; named after everything that tells it from its neighbours. */
export function trainingJob(options: TrainingJobOptions): Job {
  const { algorithm, reward, view, seed, rows, evaluations } = options;
  const perUpdate = trainingShape.groupSize * trainingShape.groupsPerUpdate;
  // Whole updates, so that tables state what was really trained.
  const episodes = Math.ceil(options.episodes / perUpdate) * perUpdate;
  const evaluateEvery = Math.max(perUpdate, Math.ceil(episodes / 8 / perUpdate) * perUpdate);
  const training: Training = { reward, algorithm, episodes, evaluateEvery, ...trainingShape };
  return {
    name: `${algorithm}-${reward}-${view}/seed-${seed}`,
    rows,
    seed,
    policy: 'pointer',
    view,
    training,
    evaluations,
  };
}

/** What `toolstone train` runs: one arm on several seeds. */
export function trainingJobs({
  seeds,
  ...options
}: Omit<TrainingJobOptions, 'seed' | 'rows'> & { seeds: number }): Job[] {
  return Array.from({ length: seeds }, (_, index) =>
    trainingJob({ ...options, seed: index + 1, rows: { rewards: options.reward } }),
  );
}

/** A job that only evaluates a policy that does not learn. Its name has no blanks (a checkpoint's path may): keys are split at them. */
export function fixedJob(policy: string, view: ViewName, rows: Rows, evaluations: Evaluations, seed = 1): Job {
  const name = `${policy.replace(/\s+/g, '-')}-${view}/seed-${seed}`;
  return { name, rows, seed, policy, view, training: null, evaluations };
}

/**
 * The policies that do not learn, on the same tasks as those that do: floors in the view that is trained in, and those that
 * solve something in every view.
 */
export function anchorJobs(view: ViewName, evaluations: Evaluations): Job[] {
  const floors = ['no-op', 'random'].map((policy) => fixedJob(policy, view, { algorithms: policy }, evaluations));
  const solvers = ['retrieval', 'oracle'].flatMap((policy) =>
    viewNames.map((shown) => {
      const rows = { views: `${policy}, ${shown}`, ...(shown === view ? { algorithms: policy } : {}) };
      return fixedJob(policy, shown, rows, evaluations);
    }),
  );
  return [...floors, ...solvers];
}
