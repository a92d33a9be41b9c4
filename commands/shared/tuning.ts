import { holdsToStart, readLearner } from '../../baselines/learner-list.ts';
import { UsageError } from '../../core/errors.ts';
import type { Experiment, Job, Training } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { learnerOf, withoutSettings, withSettings, type TunedSettings } from '../../reports/arms/trials.ts';
import { measuredOn, slug, trainingShape, warmStartOfRecord } from './jobs.ts';

/** The same for every learner, so that none of them had more luck to find. */
export const grid: readonly TunedSettings[] = [0.006, 0.003, 0.012].flatMap((learningRate) =>
  ['controlled', 'none'].map((entropyBonus) => ({ learningRate, entropyBonus })),
);

/** Far from those of any table, which count from 1. */
export const firstSeed = 1001;

/** One budget for every learner and suite, of the grid that compares rewards. */
export const tuningDefaults = { seeds: 2, episodes: 1536 } as const;

/** The learning curve shows the first validation tasks; trials are measured on those behind them. */
export const evaluation = { split: 'validation', after: trainingShape.validationTasks, tasks: 120 } as const;

export interface TuningSizes {
  readonly seeds: number;
  readonly episodes: number;
}

/**
 * The trials of an experiment's learners: each with every choice of the grid, from the warm start alone. Arms that differ in
 * where they start, or in whether they are held to it, are one learner. Throws `UsageError` where an experiment has nothing to tune, or the suite no validation tasks.
 */
export async function trialJobs(
  { name, isTuned }: Pick<Experiment, 'name' | 'isTuned'>,
  jobs: readonly Job[],
  suite: Suite,
  { seeds, episodes }: TuningSizes,
): Promise<Job[]> {
  if (!isTuned)
    throw new UsageError(
      `The experiment ${name} compares no learners on equal terms, so that there is nothing to tune: leave out --tune.`,
    );
  const evaluations = measuredOn([evaluation], suite.splits);
  const learners = await learnersOf(jobs);
  return Array.from({ length: seeds }, (_, index) => firstSeed + index).flatMap((seed) =>
    learners.flatMap(({ learner, view, training }) =>
      grid.map((settings): Job => {
        const label = `${learner}, learning rate ${settings.learningRate}, entropy bonus ${settings.entropyBonus}`;
        return {
          name: `${slug(label)}/seed-${seed}`,
          rows: { trials: label },
          seed,
          policy: warmStartOfRecord.policy,
          view,
          training: trialOf(training, settings, episodes),
          evaluations,
        };
      }),
    ),
  );
}

function trialOf(training: Training, settings: TunedSettings, budget: number): Training {
  const perUpdate = training.groupSize * training.groupsPerUpdate;
  const episodes = Math.ceil(budget / perUpdate) * perUpdate;
  const { stopAt: _, ...rest } = training;
  return {
    ...rest,
    algorithm: withSettings(training.algorithm, { ...settings }),
    warmStart: warmStartOfRecord.warmStart,
    episodes,
    // Only the two ends of the learning curve, which decide nothing here.
    evaluateEvery: episodes,
  };
}

/** A job as it is tried: without the KL term that holds a policy to its first weights, which no warm start goes with. */
export async function asTried(job: Job): Promise<Job> {
  const { training } = job;
  if (training === null || !holdsToStart(await readLearner(training.algorithm))) return job;
  return { ...job, training: { ...training, algorithm: withoutSettings(training.algorithm, ['beta']) } };
}

/** What the trainings of jobs have in common but for start, budget and seed, with the rows of the tables that are of it. */
export async function learnersOf(jobs: readonly Job[]) {
  const tried = await Promise.all(jobs.map(asTried));
  const trained = tried.flatMap((job) => (job.training ? [{ ...job, training: job.training }] : []));
  return [...Map.groupBy(trained, learnerOf)].flatMap(([learner, ofLearner]) =>
    ofLearner.slice(0, 1).map(({ view, training }) => ({
      learner,
      view,
      training,
      rows: [...new Set(ofLearner.flatMap(({ rows }) => Object.values(rows)))],
    })),
  );
}
