import { availableParallelism } from 'node:os';
import { Interrupted } from '../errors.ts';
import { conduct, type ConductOptions } from './conduct.ts';
import { progressReporter } from './progress.ts';
import { openRunFolder, type RunFolder } from '../record/run-folder.ts';
import type { Job, Manifest } from '../run-types.ts';
import { toTerminal } from '../terminal.ts';
import type { Crew } from './job-worker.ts';
import { startJobWorker } from './worker.ts';

export interface RunJobsOptions {
  readonly manifest: Manifest;
  readonly jobs: readonly Job[];
  /** Folder of all runs; `out` names one folder instead. */
  readonly base: string;
  readonly out: string | undefined;
  readonly isFresh: boolean;
  /** Says neither folder nor progress. */
  readonly isQuiet?: boolean;
  /** As `ConductOptions` says. */
  readonly onStopped?: ConductOptions['onStopped'];
  readonly moneyOf?: ConductOptions['moneyOf'];
  readonly onUnusable?: ConductOptions['onUnusable'];
  readonly prove?: ConductOptions['prove'];
  readonly recorder?: ConductOptions['recorder'];
  readonly onReplayed?: ConductOptions['onReplayed'];
  /** As `RunFolderOptions` says. */
  readonly sourceOf?: (jobs: readonly Job[]) => string;
  readonly crew: Crew;
  /** As `ConductOptions` says. */
  readonly keysOf?: ConductOptions['keysOf'];
}

/**
 * Runs jobs into their folder, attended; a run that was stopped goes on where it stopped when the same command is given
 * again. Returns the folder. Throws `UsageError`, `Interrupted`, or a job's failure.
 */
export async function runJobs(options: RunJobsOptions): Promise<string> {
  const { jobs } = options;
  const run = openRunFolder(options);
  const { isQuiet = false } = options;
  if (!isQuiet) tellFolder(run);
  try {
    const work = (signal: AbortSignal, onProgress: ConductOptions['onProgress']) =>
      conduct({
        folder: run.path,
        jobs,
        crew: options.crew,
        ...(options.keysOf ? { keysOf: options.keysOf } : {}),
        onProgress,
        moneyOf: options.moneyOf,
        prove: options.prove,
        recorder: options.recorder,
        onReplayed: options.onReplayed,
        ...(options.onStopped ? { onStopped: options.onStopped } : {}),
        ...(options.onUnusable ? { onUnusable: options.onUnusable } : {}),
        signal,
      });
    await attended(work, undefined, isQuiet);
    return run.path;
  } finally {
    run.release();
  }
}

/**
 * Threads of this machine, which begin with `entry`, a module that calls `serveJobs`; `settings` are what they are told besides their
 * number of lanes. `concurrency`: episodes in parallel, over threads and their lanes; by default as `widthOf` says.
 */
export function threadCrew(entry: URL, settings: object, jobs: number, concurrency?: number): Crew {
  const { threads, lanes } = widthOf(jobs, concurrency);
  return { width: threads, startWorker: () => startJobWorker(entry, { ...settings, lanes }) };
}

/** Episodes of a thread that keep its policy busy while servers have cores of their own. */
const mostLanes = 3;

/**
 * Threads, and lanes of each. A server works while the policy waits for it and waits while the policy works, so that an
 * episode keeps about one core busy; more of them only push each other out of the caches (docs/learners.md).
 */
export function widthOf(
  jobs: number,
  concurrency: number | undefined,
  cores = availableParallelism(),
): { readonly threads: number; readonly lanes: number } {
  const threads = Math.max(1, Math.min(cores, jobs, concurrency ?? Infinity));
  if (concurrency !== undefined) return { threads, lanes: Math.ceil(concurrency / threads) };
  return { threads, lanes: threads > cores / 2 ? 1 : Math.min(mostLanes, Math.floor(cores / threads) + 1) };
}

/** Says on standard error which folder is written to, and which were not taken. */
export function tellFolder({ path, isResumed, passedOver }: RunFolder): void {
  for (const sentence of passedOver) toTerminal(process.stderr, `${sentence}\n`);
  toTerminal(process.stderr, `${isResumed ? 'resuming the run in' : 'writing to'} ${path}\n`);
}

/** Long work with progress on standard error, which Ctrl-C stops in good order by its signal, and a second one at once. */
export async function attended<T>(
  work: (signal: AbortSignal, onProgress: (done: number, total: number, note: string) => void) => Promise<T>,
  unit?: string,
  isQuiet = false,
): Promise<T> {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(130);
    toTerminal(process.stderr, '\nstopping; re-run the same command to resume\n');
    interrupt.abort(new Interrupted('interrupted'));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const stream = isQuiet ? { write: () => undefined } : process.stderr;
  const progress = progressReporter(stream, () => performance.now(), unit);
  try {
    return await work(interrupt.signal, progress.update);
  } finally {
    progress.end();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}
