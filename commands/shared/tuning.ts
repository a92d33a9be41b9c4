import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import { voids } from '../../core/record/episode-figures.ts';
import { writableFolder, writeWhole } from '../../core/record/files.ts';
import type { Run } from '../../core/record/read-run.ts';
import { shaped } from '../../core/record/shape.ts';
import type { Experiment, Job, Training } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { isFinal } from '../../reports/arms/arms.ts';
import { learnerOf, ruleOfChoice, trialsOf, withSettings, type TunedSettings } from '../../reports/arms/trials.ts';
import { measuredOn, slug, trainingShape, warmStartOfRecord } from './jobs.ts';
import { shownPath } from './printing.ts';

/** The same for every learner, so that none of them had more luck to find. */
const grid: readonly TunedSettings[] = [0.006, 0.003, 0.012].flatMap((learningRate) =>
  ['controlled', 'none'].map((entropyBonus) => ({ learningRate, entropyBonus })),
);

/** Far from those of any table, which count from 1. */
const firstSeed = 1001;

/** One budget for every learner and suite, of the grid that compares rewards. */
export const tuningDefaults = { seeds: 2, episodes: 1536 } as const;

/** The learning curve shows the first validation tasks; trials are measured on those behind them. */
const evaluation = { split: 'validation', after: trainingShape.validationTasks, tasks: 120 } as const;

export interface TuningSizes {
  readonly seeds: number;
  readonly episodes: number;
}

/**
 * The trials of an experiment's learners: each with every choice of the grid, from the warm start alone. Arms that differ in
 * where they start are one learner. Throws `UsageError` where an experiment has nothing to tune, or the suite no validation tasks.
 */
export function trialJobs(
  { name, isTuned }: Pick<Experiment, 'name' | 'isTuned'>,
  jobs: readonly Job[],
  suite: Suite,
  { seeds, episodes }: TuningSizes,
): Job[] {
  if (!isTuned)
    throw new UsageError(
      `The experiment ${name} compares no learners on equal terms, so that there is nothing to tune: leave out --tune.`,
    );
  const evaluations = measuredOn([evaluation], suite.splits);
  return Array.from({ length: seeds }, (_, index) => firstSeed + index).flatMap((seed) =>
    learnersOf(jobs).flatMap(({ learner, view, training }) =>
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

function learnersOf(jobs: readonly Job[]) {
  const trained = jobs.flatMap((job) => (job.training ? [{ ...job, training: job.training }] : []));
  return [...Map.groupBy(trained, learnerOf)].map(([learner, ofLearner]) => ({
    learner,
    ...(ofLearner[0] as (typeof trained)[number]),
    labels: [...new Set(ofLearner.flatMap(({ rows }) => Object.values(rows)))],
  }));
}

/** `tuning/settings.json` of an experiment's record: what was chosen for each learner, out of what. */
interface SettingsFile {
  readonly version: 1;
  readonly rule: string;
  readonly grid: readonly TunedSettings[];
  readonly budget: TuningSizes &
    typeof warmStartOfRecord & { readonly firstSeed: number; readonly tasks: typeof evaluation };
  /** Learner → its settings, and the rows of the experiment's tables that are of it. */
  readonly learners: Readonly<Record<string, TunedSettings & { readonly rows: readonly string[] }>>;
}

export const tuningFolder = (record: string): string => join(record, 'tuning');
const settingsPath = (record: string): string => join(tuningFolder(record), 'settings.json');

/** Writes what the trials of a run decide. Returns the path. Throws `UsageError`, where an episode is void among others. */
export function writeSettings(record: string, run: Run, jobs: readonly Job[], sizes: TuningSizes): string {
  const empty = voids(run.episodes.filter(isFinal));
  if (empty > 0)
    throw new UsageError(
      `${empty} episodes of the trials are void, and settings are chosen from whole trials alone. Re-run the same command to repeat them.`,
    );
  const labels = new Map(learnersOf(jobs).map(({ learner, labels: rows }) => [learner, rows]));
  const chosen = trialsOf([run]).filter(({ isChosen }) => isChosen);
  const file: SettingsFile = {
    version: 1,
    rule: ruleOfChoice,
    grid,
    budget: { ...sizes, ...warmStartOfRecord, firstSeed, tasks: evaluation },
    learners: Object.fromEntries(
      chosen.map(({ learner, settings }) => [learner, { ...settings, rows: labels.get(learner) ?? [] }]),
    ),
  };
  writableFolder(tuningFolder(record));
  writeWhole(settingsPath(record), `${JSON.stringify(file, null, 2)}\n`);
  return settingsPath(record);
}

/**
 * Jobs with the settings that were chosen for their learners, and where these stand; as they are where nothing was tuned. Throws
 * `UsageError` where only some of the learners were: arms on unequal terms are no comparison.
 */
export function withTunedSettings(
  experiment: string,
  jobs: readonly Job[],
  record: string,
): { readonly jobs: readonly Job[]; readonly source: string | null } {
  const path = settingsPath(record);
  if (!existsSync(path)) return { jobs, source: null };
  const { learners } = readSettings(path);
  const tuned = jobs.map((job): Job => {
    if (job.training === null) return job;
    const settings = learners[learnerOf(job)];
    if (settings) {
      const { learningRate, entropyBonus } = settings;
      const algorithm = withSettings(job.training.algorithm, { learningRate, entropyBonus });
      return { ...job, training: { ...job.training, algorithm } };
    }
    throw new UsageError(
      `${shownPath(path)} has no settings for ${Object.values(job.rows).join(', ')} (${learnerOf(job)}), and arms of which only some ` +
        `are tuned are no comparison. Tune all of them, with \`toolstone experiment ${experiment} --tune\` and the other flags of this ` +
        'command, or none: --untuned.',
    );
  });
  return { jobs: tuned, source: shownPath(path) };
}

function readSettings(path: string): SettingsFile {
  try {
    return shaped('tunedSettings', JSON.parse(readFileSync(path, 'utf8'))) as SettingsFile;
  } catch (error) {
    throw new UsageError(
      `${path} is damaged (${messageOf(error)}). Restore it from git, or make it again with --tune.`,
      { cause: error },
    );
  }
}
