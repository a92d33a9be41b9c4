import readRun from '../../core/record/read-run.ts';
import type { Job } from '../../core/run-types.ts';
import { withPhrasings } from '../../reports/arms/arms.ts';
import { chosenDistractors } from '../../envs/distractors/choice.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import { renderRecord, writeRecord } from '../../reports/write-record.ts';
import { chooseLimitsOf, planned, type ExperimentChoices } from './experiments.ts';
import { hoursText, measuredRates } from './hours.ts';
import { phrasingsOf } from './phrasings.ts';
import { print, shownPath, tell } from './printing.ts';
import { recordFolder, refuseUncommitted } from './records.ts';
import { printReport, recordJobs, runAndReport, type RunOptions } from './run-and-report.ts';
import { tuningFolder, withTunedSettings, writeSettings } from './tuned-settings.ts';
import { trialJobs, tuningDefaults } from './tuning.ts';

export interface RecordOptions extends RunOptions, ExperimentChoices {
  readonly suite: string;
  /** Writes rows and tables below `reports/reference/experiments`. */
  readonly record: boolean;
  /** Finds the settings of each arm, in place of comparing arms. */
  readonly tune?: boolean;
  /** Settings that were found before are passed over. */
  readonly untuned?: boolean;
}

/** Runs an experiment, or its trials, and keeps its record. Throws `UsageError`, `Interrupted`. */
export async function experimentOfRecord(name: string, options: RecordOptions): Promise<void> {
  if (options.record) refuseUncommitted('play without writing any: --no-record');
  const { experiment, suite, jobs: asked } = await planned(name, options);
  chooseLimitsOf(experiment);
  const record = recordFolder(name, suite.name, options.judge, chosenDistractors()?.asked);
  const foretell = (jobs: readonly Job[]) =>
    tell(hoursText(jobs, measuredRates(suite.name, record), options.concurrency));
  if (options.tune) {
    const { seeds = tuningDefaults.seeds, episodes = tuningDefaults.episodes } = options;
    const sizes = { seeds, episodes };
    const trials = await trialJobs(experiment, asked, suite, sizes);
    foretell(trials);
    const folder = await recordJobs('experiment', `experiment-${name}-tune`, trials, options);
    if (!options.record) return void (await printReport(folder));
    const settings = await writeSettings(record, readRun(folder), asked, sizes);
    await keep(folder, tuningFolder(record));
    await printReport(tuningFolder(record));
    print(`Settings: ${shownPath(settings)}`);
    return;
  }
  const { jobs, source } = options.untuned
    ? { jobs: asked, source: null }
    : await withTunedSettings(name, asked, record);
  if (source !== null)
    tell(`Learners have the settings that trials chose for them (${source}); --untuned passes over them.`);
  foretell(jobs);
  const folder = await runAndReport('experiment', `experiment-${name}`, jobs, options);
  if (options.record) {
    await keep(folder, record);
    renderRecord(record, knownAttacks());
    print(`Tables of record: ${shownPath(record)}`);
  }
}

/** Writes what is committed of a run. */
async function keep(folder: string, record: string): Promise<void> {
  writeRecord(record, withPhrasings(readRun(folder), await phrasingsOf(folder)));
}
