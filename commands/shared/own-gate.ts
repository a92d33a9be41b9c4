import { appendFileSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { driftLines } from '../../core/drift/drift.ts';
import { Incomparable, UsageError } from '../../core/errors.ts';
import { namedFileHashes } from '../../core/identity/named-files.ts';
import { chainNote } from '../../core/record/chain.ts';
import { writeWhole, writing } from '../../core/record/files.ts';
import readRun, { findRun } from '../../core/record/read-run.ts';
import { chosenWire } from '../../core/wire/chosen.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import { isDeterministic } from '../../reports/gate/reference.ts';
import { acceptedLines } from '../../reports/gate/tasks/accepted.ts';
import { type Blocked, withBlocked } from '../../reports/gate/tasks/blocked.ts';
import { gateBadge } from '../../reports/gate/tasks/badge.ts';
import compareTasks, { type TasksGate } from '../../reports/gate/tasks/compare.ts';
import { driftOf } from '../../reports/gate/tasks/drift.ts';
import gateJunit from '../../reports/gate/tasks/junit.ts';
import { gateLines } from '../../reports/gate/tasks/lines.ts';
import { countOf } from '../../reports/gate/tasks/outcomes.ts';
import { sightOf, sightText } from '../../reports/gate/tasks/power.ts';
import { recordOf, repeatsOf, shortName, type TasksRecord } from '../../reports/gate/tasks/record.ts';
import {
  partOf,
  readTasksReference,
  referenceFolder,
  refuseOtherTasks,
  type TasksReference,
  withoutReason,
  writeTasksReference,
} from '../../reports/gate/tasks/reference.ts';
import gateSummary from '../../reports/gate/tasks/summary.ts';
import writeReport from '../../reports/write-report.ts';
import { defaultSplit } from '../../suites/tasks/samples.ts';
import type { TaskFileSource } from '../../suites/tasks/suite-list.ts';
import { firstFailures } from './gate-failures.ts';
import { type GateTasks, gateTasks } from './gate-tasks.ts';
import { armOf, type ChosenArm, playJobs } from './own-gate-jobs.ts';
import { runsFolder } from './places.ts';
import { hush, print, printVerdict, shownPath, tell } from './printing.ts';
import { recordJobs } from './run-and-report.ts';

/** What `gate --tasks` may be told. */
export interface OwnGateOptions extends ChosenArm {
  readonly tasks: TaskFileSource;
  readonly reference?: string | undefined;
  readonly accept?: string | undefined;
  readonly allowDrift?: true | undefined;
  readonly threshold?: number | undefined;
  readonly junit?: string | undefined;
  readonly summary?: string | undefined;
  readonly badge?: string | undefined;
  readonly out?: string | undefined;
  readonly concurrency?: number | undefined;
  readonly quiet?: true | undefined;
}

/**
 * Plays own tasks, or takes a finished run of them, and compares with the reference beside their file, or makes that reference.
 * Returns the verdict. Throws `UsageError`, `Interrupted`.
 */
export async function gateOwnTasks(name: string | undefined, options: OwnGateOptions): Promise<TasksGate['verdict']> {
  hush(options.quiet === true);
  try {
    return await gate(name, options);
  } finally {
    hush(false);
  }
}

async function gate(name: string | undefined, options: OwnGateOptions): Promise<TasksGate['verdict']> {
  const { accept } = options;
  const { file, only } = options.tasks;
  if (accept !== undefined && only !== undefined)
    throw new UsageError('A reference must cover all tasks of its file: leave out --task, or --accept.');
  const folder = options.reference ?? referenceFolder(file);
  if (name !== undefined && chosenWire())
    throw new UsageError('A finished run is compared as it is: leave out --wire, or the run.');
  const path = name === undefined ? null : findRun(name, runsFolder);
  const whole = referenceIn(folder, accept);
  const {
    name: suite,
    ids,
    servers,
    playable,
    blocked,
    lacks,
  } = await gateTasks(options.tasks, accept === undefined && path === null ? whole : null);
  if (whole !== null && accept === undefined) refuseOtherTasks(whole, folder, suite, ids);
  const reference = whole && only ? partOf(whole, { tasks: ids, servers }) : whole;
  const played = playable && (await playOf(playable, path, reference, options));
  if (accept !== undefined && played) return acceptAs(folder, played.record, reference, accept);
  if (reference === null) throw new TypeError('a gate without a reference');
  const result = compareTasks(recordNow(played, reference, blocked), reference, {
    allowsDrift: options.allowDrift === true,
    failures: explained(played?.failures ?? new Map(), lacks),
    blocks: blocked?.blocks ?? new Map(),
    threshold: options.threshold,
  });
  printVerdict(gateLines(result), result.verdict === 'pass');
  writeFiles(result, suite, options);
  return result.verdict;
}

/** Why tasks did not pass, after the tool that they lack: what a check then found is but what came of it. */
const explained = (failures: Played['failures'], lacks: GateTasks['lacks']): Played['failures'] =>
  new Map([...failures].map(([id, why]) => [id, [lacks.get(id), why].filter((one) => one !== undefined).join(' ')]));

/** What a policy did on the tasks that it could play. */
interface Played {
  readonly record: TasksRecord;
  /** Task → why it did not pass. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Plays the tasks, or reads the run at `path`. Throws `UsageError`, `Interrupted`. */
async function playOf(
  { suite, source }: NonNullable<GateTasks['playable']>,
  path: string | null,
  reference: TasksReference | null,
  options: OwnGateOptions,
): Promise<Played> {
  const compares = reference !== null && options.accept === undefined;
  const planned = path === null ? playJobs(options, reference, suite) : [];
  if (compares && path === null) tellSight(reference, planned[0]?.policy ?? '', planned.length);
  const run = readRun(path ?? (await play(planned, { ...options, tasks: source })));
  if (path !== null) [chainNote(run.chain), ...run.notes].forEach(tell);
  const jobs = armOf(run, suite, options);
  const tasks = suite.tasks(defaultSplit(suite), Infinity);
  const record = recordOf(run, jobs, {
    tasks,
    folder: dirname(realpathSync(source.file)),
    policyFiles: namedFileHashes(jobs[0]?.policy ?? ''),
    tools: toolspaceOf(suite.servers).tools,
  });
  if (compares && path !== null) tellSight(reference, record.policy, repeatsOf(record));
  return { record, failures: firstFailures(run, jobs, tasks) };
}

function recordNow(played: Played | null, reference: TasksReference, blocked: Blocked | null): TasksRecord {
  if (blocked) return withBlocked(played?.record ?? null, reference, blocked);
  if (played) return played.record;
  throw new TypeError('a gate without play');
}

/** Before any play, so that a missing reference costs no minutes. */
function referenceIn(folder: string, accept: string | undefined): TasksReference | null {
  if (accept !== undefined) return earlierReference(folder, accept);
  const reference = readTasksReference(folder);
  if (reference !== null) return reference;
  throw new UsageError(
    `There is no reference in ${folder} yet. To accept today's result as the reference, re-run the command with --policy NAME and --accept "first numbers", ` +
      'and commit the folder; or name another folder with --reference.',
  );
}

/** The one that is about to be replaced; a broken one is no hindrance. */
function earlierReference(folder: string, reason: string): TasksReference | null {
  if (reason.trim() === '') throw withoutReason();
  try {
    return readTasksReference(folder);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    tell(error.message);
    return null;
  }
}

async function play(jobs: Parameters<typeof recordJobs>[2], options: OwnGateOptions): Promise<string> {
  const { tasks, out, concurrency, quiet = false } = options;
  const name = `gate-${jobs[0]?.name.replace(/\/seed-\d+$/, '').replace(/[^\w.-]+/g, '-') ?? ''}`.slice(0, 80);
  const folder = await recordJobs('gate', name, jobs, {
    suite: tasks,
    out,
    concurrency,
    fresh: true,
    isQuiet: quiet,
    onMissed: () => {
      throw new Incomparable(
        'Tasks asked for what the recording lacks, so that nothing is compared. Record again, with --wire record:FOLDER and the policy of the reference.',
      );
    },
  });
  const { page, notes } = writeReport(folder, { attacks: knownAttacks() });
  notes.forEach(tell);
  tell(`Report: ${shownPath(page)}`);
  return folder;
}

function tellSight({ tasks }: TasksRecord, policy: string, repeats: number): void {
  tell(sightText(sightOf(tasks.map(countOf), repeats), isDeterministic({ training: null, policy })));
}

function acceptAs(folder: string, now: TasksRecord, earlier: TasksReference | null, reason: string): 'pass' {
  const without = now.tasks.filter((task) => countOf(task).played === 0).map(({ id }) => shortName(id));
  if (without.length > 0)
    throw new UsageError(
      `No episode of ${without.join(', ')} counts, because all were void or not played. A reference needs one of each task: re-run the command.`,
    );
  if (now.tasks.every((task) => countOf(task).passed === 0))
    throw new UsageError(
      `No task passed with ${now.policy}, so the gate could never notice a regression, and nothing was accepted. Choose a policy that solves ` +
        'some of the tasks (--policy oracle carries out their plans), or find out with `toolstone tasks check` what is broken.',
    );
  if (earlier !== null) driftLines(driftOf(earlier, now)).forEach(print);
  tellSight(now, now.policy, repeatsOf(now));
  print(`Accepted as reference: ${writeTasksReference(folder, now, reason)}`);
  acceptedLines(now).forEach(print);
  return 'pass';
}

/** What machines read; each only where it is asked for, GitHub's summary also where GitHub names its file. */
function writeFiles(gate: TasksGate, suite: string, { junit, badge, summary }: OwnGateOptions): void {
  const files = [
    [junit, gateJunit],
    [badge, gateBadge],
    [summary, gateSummary],
  ] as const;
  for (const [path, textOf] of files) {
    if (path === undefined) continue;
    writing(path, () => mkdirSync(dirname(path), { recursive: true }));
    writeWhole(path, textOf(gate, suite));
  }
  const github = process.env['GITHUB_STEP_SUMMARY'];
  if (github) writing(github, () => appendFileSync(github, gateSummary(gate, suite)));
}
