import { join, resolve } from 'node:path';
import { episodesAtOnce, openEachPolicy, withoutModels } from '../../baselines/open-policies.ts';
import type { EndpointCeilings } from '../../core/models/open.ts';
import { holdsRows } from '../../core/record/row-files.ts';
import { chosenCounting } from '../../core/run/chosen.ts';
import { measuredKeys } from '../../core/run/planned.ts';
import { runJobs } from '../../core/run/run-jobs.ts';
import type { MoneyOf } from '../../core/run/tally.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { chosenWire } from '../../core/wire/chosen.ts';
import { ownServerChoice } from '../../envs/client-files/choice.ts';
import { confinement } from '../../envs/confinement/choice.ts';
import { chosenDistractors } from '../../envs/distractors/choice.ts';
import { chosenDeadlines } from '../../envs/processes/deadlines.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import { withArmNames } from '../../reports/arms/arm-of-row.ts';
import { headlineText } from '../../reports/headline/headline.ts';
import { renderRecord } from '../../reports/write-record.ts';
import writeReport, { type ReportMaterial, type WrittenReport } from '../../reports/write-report.ts';
import { toTerminal } from '../../core/terminal.ts';
import { suiteNamed, type TaskSource } from '../../suites/tasks/suite-list.ts';
import { exitCodes } from './exit-codes.ts';
import { sourceOf } from './run-identity.ts';
import { runProofs } from './run-proofs.ts';
import { openRunWire } from './run-wire.ts';
import { jobsOn } from './own-jobs.ts';
import { manifestOf, tellAmiss } from './manifest.ts';
import { runsFolder } from './places.ts';
import { tellConfinement } from './confinement.ts';
import { phrasingsOf } from './phrasings.ts';
import { printTable } from './print-table.ts';
import { print, shownPath, tell, terminalWidth } from './printing.ts';
import { crewOf, type OpenedCrew, type QueueFlags } from './queue-run.ts';
import { withRewardJudges } from './reward-judges.ts';
import { suiteHere } from './suite-here.ts';
import { tellViews, viewModels } from './tell-views.ts';
import { codeVersion } from './version.ts';
import type { WorkerSettings } from './worker.ts';

/** What every command that makes a run may be told. */
export interface RunOptions extends QueueFlags {
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
  /** What an episode cost, for the line of progress. */
  readonly moneyOf?: MoneyOf;
  /** Told of each job of a policy that can play no more, while others go on; absent: the run ends there. */
  readonly onUnusable?: (job: string, why: string) => void;
  /** Told that a strict replay lacked answers, so that episodes are void. */
  readonly onMissed?: () => void;
}

/** Runs jobs, reports on them and prints the tables. Returns the run's folder. Throws `UsageError`, `Interrupted`. */
export async function runAndReport(
  command: string,
  name: string,
  jobs: readonly Job[],
  options: RunOptions,
): Promise<string> {
  let isWhole = true;
  let isAnswered = true;
  const folder = await recordJobs(command, name, jobs, {
    ...options,
    onUnusable: () => (isWhole = false),
    onMissed: () => (isAnswered = false),
  });
  // A run with holes is no success, whatever its tables say of the rest.
  if ((await printReport(folder)).voidEpisodes > 0) process.exitCode = exitCodes.notEnoughData;
  if (!isAnswered) process.exitCode = exitCodes.incomparable;
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
    moneyOf,
    onUnusable,
    onMissed = () => {},
    queue,
    batch,
    volatile,
  }: RunOptions,
): Promise<string> {
  const whole = await suiteNamed(source);
  const jobs = jobsOn(whole, planned);
  const { suite, without } = suiteHere(whole, jobs);
  tellConfinement(suite);
  await tellViews(suite, jobs);
  // An unknown name, a missing checkpoint or an endpoint that is down is told before a folder is made. Models of a run by a queue are asked
  // by its workers, each of which tries them first; those of a recording by this machine, too, for it says which models answered.
  const opened = queue === undefined || chosenWire() ? jobs : await withoutModels(jobs);
  await openEachPolicy(opened, suite, { ceilings, isPreflight: preflight });
  const described = {
    ...manifestOf(command, name, suite, jobs, codeVersion(), sourceOf(suite, jobs), without),
    ...(await viewModels(jobs)),
  };
  tellAmiss(described);
  const judged = await withRewardJudges(described, suite);
  const wire = openRunWire(judged, suite, out !== undefined || fresh === true);
  const { manifest } = wire;
  // Without worlds there is nothing to prove.
  const proofs = wire.isStrict ? undefined : runProofs(manifest);
  const settings = workerSettings({ suite: source, without, ceilings }, suite);
  let crew: OpenedCrew | undefined;
  try {
    crew = await crewOf({
      queue,
      batch,
      volatile,
      run: name,
      suite,
      jobs,
      settings,
      isWidthAsked: concurrency !== undefined,
      concurrency: concurrency ?? (await episodesAtOnce(jobs)),
    });
    const folder = await runJobs({
      manifest,
      prove: proofs?.prove,
      recorder: wire.recorder,
      onReplayed: wire.onReplayed,
      jobs,
      base: runsFolder,
      out: out === undefined ? undefined : resolve(out),
      isFresh: fresh === true,
      isQuiet,
      onStopped,
      moneyOf,
      ...(onUnusable ? { onUnusable: tellingOf(onUnusable) } : {}),
      sourceOf: (earlier) => sourceOf(suite, earlier),
      crew,
      keysOf: (job) => measuredKeys(suite, job),
    });
    if (wire.end() > 0) onMissed();
    return folder;
  } finally {
    await crew?.close();
    wire.close();
    await proofs?.close();
  }
}

/** What those who play are told: what the user chose, for other threads to choose. */
const workerSettings = (
  asked: Pick<WorkerSettings, 'suite' | 'without' | 'ceilings'>,
  { distractors, sizes, aliases }: Suite,
): Omit<WorkerSettings, 'lanes'> => ({
  ...asked,
  distractors,
  sizes: sizes?.all,
  aliases: aliases?.aliasing,
  pool: chosenDistractors()?.pool,
  deadlines: chosenDeadlines(),
  confinement: confinement(),
  counting: chosenCounting(),
  ownServers: ownServerChoice(),
  wire: chosenWire(),
});

/** Says at once, and on standard error whatever is asked for, which policy is given up, once for all its jobs. */
function tellingOf(onUnusable: NonNullable<RunOptions['onUnusable']>): (job: Job, why: string) => void {
  const told = new Set<string>();
  return ({ name, policy, label = policy }, why) => {
    if (!told.has(policy))
      toTerminal(process.stderr, `\n${label} stops here, and the other policies continue. ${why}\n`);
    told.add(policy);
    onUnusable(name, why);
  };
}

/** Makes the report of a run's folder, or of a record's, and prints its tables. Returns the number of void episodes, and what drifted since an earlier run. Throws `UsageError`. */
export async function printReport(
  folder: string,
  material: Omit<ReportMaterial, 'attacks' | 'phrasingOf'> = {},
): Promise<Pick<WrittenReport, 'voidEpisodes' | 'drift'>> {
  const isRecord = holdsRows(folder);
  const { page, tables, arms, headline, notes, voidEpisodes, drift } = isRecord
    ? renderRecord(folder, knownAttacks())
    : writeReport(folder, { attacks: knownAttacks(), phrasingOf: await phrasingsOf(folder), ...material });
  const beside = isRecord ? folder : join(folder, 'tables');
  for (const table of tables)
    if (table.name !== 'families' && table.rows.length > 0)
      printTable(withArmNames(arms, table), `${shownPath(join(beside, table.name))}.md`);
  notes.forEach(tell);
  if (headline) print(`${headlineText(headline, terminalWidth())}\n`);
  print(`Report: ${shownPath(page)}`);
  return { voidEpisodes, drift };
}
