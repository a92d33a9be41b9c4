import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import { voids } from '../../core/record/episode-figures.ts';
import { writableFolder, writeWhole } from '../../core/record/files.ts';
import type { Run } from '../../core/record/read-run.ts';
import { shaped } from '../../core/record/shape.ts';
import type { Job } from '../../core/run-types.ts';
import { isFinal } from '../../reports/arms/arms.ts';
import { learnerOf, ruleOfChoice, trialsOf, withSettings, type TunedSettings } from '../../reports/arms/trials.ts';
import { warmStartOfRecord } from './jobs.ts';
import { shownPath } from './printing.ts';
import { asTried, evaluation, firstSeed, grid, learnersOf, type TuningSizes } from './tuning.ts';

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
export async function writeSettings(
  record: string,
  run: Run,
  jobs: readonly Job[],
  sizes: TuningSizes,
): Promise<string> {
  const empty = voids(run.episodes.filter(isFinal));
  if (empty > 0)
    throw new UsageError(
      `${empty} episodes of the trials are void, and settings are chosen from whole trials alone. Re-run the same command to repeat them.`,
    );
  const labels = new Map((await learnersOf(jobs)).map(({ learner, rows }) => [learner, rows]));
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
export async function withTunedSettings(
  experiment: string,
  jobs: readonly Job[],
  record: string,
): Promise<{ readonly jobs: readonly Job[]; readonly source: string | null }> {
  const path = settingsPath(record);
  if (!existsSync(path)) return { jobs, source: null };
  const { learners } = readSettings(path);
  const tuned = jobs.map(async (job): Promise<Job> => {
    if (job.training === null) return job;
    const learner = learnerOf(await asTried(job));
    const settings = learners[learner];
    if (settings) {
      const { learningRate, entropyBonus } = settings;
      const algorithm = withSettings(job.training.algorithm, { learningRate, entropyBonus });
      return { ...job, training: { ...job.training, algorithm } };
    }
    throw new UsageError(
      `${shownPath(path)} has no settings for ${Object.values(job.rows).join(', ')} (${learner}), and arms of which only some ` +
        `are tuned are no comparison. Tune all of them, with \`toolstone experiment ${experiment} --tune\` and the other flags of this ` +
        'command, or none: --untuned.',
    );
  });
  return { jobs: await Promise.all(tuned), source: shownPath(path) };
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
