import { resolve } from 'node:path';
import { episodesAtOnce, policiesOf } from '../../baselines/open-policies.ts';
import { UsageError } from '../../core/errors.ts';
import { listIn } from '../../core/list.ts';
import type { EndpointCeilings } from '../../core/models/open.ts';
import type { RewardName } from '../../core/reward-types.ts';
import { chosenCounting } from '../../core/run/chosen.ts';
import { runJobs } from '../../core/run/run-jobs.ts';
import type { Experiment, ExperimentOptions, Job } from '../../core/run-types.ts';
import { ownServerChoice } from '../../envs/client-files/choice.ts';
import { confinement } from '../../envs/confinement/choice.ts';
import { chosenDeadlines } from '../../envs/processes/deadlines.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import { tableMarkdown } from '../../reports/tables/table.ts';
import writeReport, { type ReportMaterial } from '../../reports/write-report.ts';
import { toTerminal } from '../../core/terminal.ts';
import { choicesOf } from '../../suites/tasks/choices.ts';
import { suiteNamed, type TaskSource } from '../../suites/tasks/suite-list.ts';
import { exitCodes } from './exit-codes.ts';
import { sourceOf } from './run-identity.ts';
import { onlyRows } from './jobs.ts';
import { jobsOn } from './own-jobs.ts';
import { manifestOf, tellAmiss } from './manifest.ts';
import { entry, runsFolder } from './places.ts';
import { tellConfinement } from './confinement.ts';
import { print, shownPath, tell } from './printing.ts';
import { withRewardJudges } from './reward-judges.ts';
import { suiteHere } from './suite-here.ts';
import { codeVersion } from './version.ts';
import type { WorkerSettings } from './worker.ts';

/** What every command that makes a run may be told. */
export interface RunOptions {
  readonly suite: TaskSource;
  /** Folder of the run; by default one in reports/runs. */
  readonly out?: string | undefined;
  readonly fresh?: boolean;
  /** Episodes in parallel; by default as fits the cores, or the models that policies wait for. */
  readonly concurrency?: number | undefined;
  readonly ceilings?: EndpointCeilings;
  /** Asks each model's endpoint for a token before the first episode. Default: true. */
  readonly preflight?: boolean;
  /** Says neither folder nor progress. */
  readonly isQuiet?: boolean;
  /** Told why the rest of a job is not played. */
  readonly onStopped?: (job: string, why: string) => void;
  /** Told of each job of a policy that can play no more, while others go on; absent: the run ends there. */
  readonly onUnusable?: (job: string, why: string) => void;
}

/** What a user may change of an experiment. */
export interface ExperimentChoices {
  readonly seeds?: number;
  /** Trainings that another run has: seeds are counted on from there. */
  readonly seedsBefore?: number;
  readonly episodes?: number;
  readonly view?: string;
  readonly reward?: RewardName;
  readonly judge?: string | undefined;
  /** Only the jobs of these rows of the tables. */
  readonly rows?: readonly string[];
}

/** Runs an experiment and reports on it. Returns the run's folder. Throws `UsageError`, `Interrupted`. */
export async function runExperiment(
  command: string,
  name: string,
  options: RunOptions & ExperimentChoices,
): Promise<string> {
  const experiments = listIn<Experiment>(new URL('../experiments/', import.meta.url), 'experiment');
  const experiment = await experiments.load(name);
  const suite = await suiteNamed(options.suite);
  const planned = experiment.jobs({ ...sizesOf(experiment, options), ...choicesOf(suite) });
  const jobs = onlyRows(planned, options.rows);
  return runAndReport(command, command === name ? name : `${command}-${name}`, jobs, options);
}

/** An experiment's sizes, with the user's in place of its own. Throws `UsageError` on a judge that it would not ask. */
function sizesOf(
  { name, defaults, takesJudge }: Experiment,
  { seeds, seedsBefore, episodes, view, reward, judge }: ExperimentChoices,
): ExperimentOptions {
  if (judge !== undefined && !takesJudge)
    throw new UsageError(`Experiment ${name} takes no judge: leave out --judge ${judge}, or run language-judge.`);
  return {
    ...defaults,
    ...(seeds === undefined ? {} : { seeds }),
    ...(seedsBefore === undefined ? {} : { seedsBefore }),
    ...(episodes === undefined ? {} : { episodes }),
    ...(view === undefined ? {} : { view }),
    ...(reward === undefined ? {} : { rewards: [reward] }),
    ...(judge === undefined ? {} : { judge }),
  };
}

/** Runs jobs, reports on them and prints the tables. Returns the run's folder. Throws `UsageError`, `Interrupted`. */
export async function runAndReport(
  command: string,
  name: string,
  jobs: readonly Job[],
  options: RunOptions,
): Promise<string> {
  let isWhole = true;
  const folder = await recordJobs(command, name, jobs, { ...options, onUnusable: () => (isWhole = false) });
  // A run with holes is no success, whatever its tables say of the rest.
  if (printReport(folder) > 0) process.exitCode = exitCodes.notEnoughData;
  if (!isWhole) process.exitCode = exitCodes.wrongUse;
  return folder;
}

/** Runs jobs into their folder, which it returns. Throws `UsageError`, `Interrupted`. */
export async function recordJobs(
  command: string,
  name: string,
  planned: readonly Job[],
  {
    suite: source,
    out,
    fresh,
    concurrency,
    ceilings,
    preflight = true,
    isQuiet = false,
    onStopped = () => {},
    onUnusable,
  }: RunOptions,
): Promise<string> {
  const whole = await suiteNamed(source);
  const jobs = jobsOn(whole, planned);
  const { suite, without } = suiteHere(whole, jobs);
  tellConfinement(suite);
  // An unknown name, a missing checkpoint or an endpoint that is down is told before a folder is made.
  const asked = new Set<string>();
  for (const job of jobs) {
    await policiesOf(job, suite, { ceilings, isPreflight: preflight && !asked.has(job.policy) });
    asked.add(job.policy);
  }
  const described = manifestOf(command, name, suite, jobs, codeVersion(), sourceOf(suite, jobs), without);
  tellAmiss(described);
  const manifest = await withRewardJudges(described, suite);
  return runJobs({
    manifest,
    jobs,
    base: runsFolder,
    out: out === undefined ? undefined : resolve(out),
    isFresh: fresh === true,
    isQuiet,
    onStopped,
    ...(onUnusable ? { onUnusable: tellingOf(onUnusable) } : {}),
    sourceOf: (earlier) => sourceOf(suite, earlier),
    concurrency: concurrency ?? (await episodesAtOnce(jobs)),
    entry,
    settings: {
      suite: source,
      without,
      ceilings,
      deadlines: chosenDeadlines(),
      confinement: confinement(),
      counting: chosenCounting(),
      ownServers: ownServerChoice(),
    } satisfies Omit<WorkerSettings, 'lanes'>,
  });
}

/** Says at once, and on standard error whatever is asked for, which policy is given up, once for all its jobs. */
function tellingOf(onUnusable: NonNullable<RunOptions['onUnusable']>): (job: Job, why: string) => void {
  const told = new Set<string>();
  return ({ name, policy, label = policy }, why) => {
    if (!told.has(policy))
      toTerminal(process.stderr, `\n${label} plays no more, and the other policies go on. ${why}\n`);
    told.add(policy);
    onUnusable(name, why);
  };
}

/** Makes the report of a run's folder and prints its tables. Returns the number of void episodes. Throws `UsageError`. */
export function printReport(folder: string, material: Omit<ReportMaterial, 'attacks'> = {}): number {
  const { page, tables, notes, voidEpisodes } = writeReport(folder, { attacks: knownAttacks(), ...material });
  for (const table of tables) if (table.name !== 'families' && table.rows.length > 0) print(tableMarkdown(table));
  notes.forEach(tell);
  print(`Report: ${shownPath(page)}`);
  return voidEpisodes;
}
