import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Interrupted } from '../errors.ts';
import { conduct } from './conduct.ts';
import { progressReporter } from './progress.ts';
import { openRunFolder, type RunFolder } from '../record/run-folder.ts';
import type { Job, Manifest } from '../run-types.ts';
import { startJobWorker } from './worker.ts';

export interface RunJobsOptions {
  readonly manifest: Manifest;
  readonly jobs: readonly Job[];
  /** Folder of all runs; `out` names one folder instead. */
  readonly base: string;
  readonly out: string | undefined;
  readonly isFresh: boolean;
  /** Episodes in parallel, over threads and their lanes; by default as `widthOf` says. */
  readonly concurrency: number | undefined;
  /** Module that calls `serveJobs`, and what its threads are told besides their number of lanes. */
  readonly entry: URL;
  readonly settings: object;
}

/**
 * Runs jobs into their folder, attended; a run that was stopped goes on where it stopped when the same command is given again. Returns the folder. Throws `UsageError`, `Interrupted`, or a job's failure.
 */
export async function runJobs(options: RunJobsOptions): Promise<string> {
  const { jobs } = options;
  const run = openRunFolder(options);
  const { threads, lanes } = widthOf(jobs.length, options.concurrency);
  const settings = { ...options.settings, lanes };
  tellFolder(run);
  try {
    await attended((signal, onProgress) =>
      conduct({
        folder: run.path,
        jobs,
        concurrency: threads,
        startWorker: () => startJobWorker(options.entry, settings),
        onProgress,
        signal,
      }),
    );
    return run.path;
  } finally {
    run.release();
  }
}

/** Episodes of a thread that keep its policy busy while servers have cores of their own. */
const mostLanes = 3;
/**
 * Threads, and lanes of each. A server works while the policy waits for it and waits while the policy works, so that an
 * episode keeps about one core busy; more of them only push each other out of the caches (docs/learners.md).
 */
export function widthOf(
  jobs: number,
  asked: number | undefined,
  cores = availableParallelism(),
): { readonly threads: number; readonly lanes: number } {
  const threads = Math.max(1, Math.min(cores, jobs, asked ?? Infinity));
  if (asked !== undefined) return { threads, lanes: Math.ceil(asked / threads) };
  return { threads, lanes: threads > cores / 2 ? 1 : Math.min(mostLanes, Math.floor(cores / threads) + 1) };
}

/** Says on standard error which folder is written to, and which were not taken. */
export function tellFolder({ path, isResumed, passedOver }: RunFolder): void {
  for (const sentence of passedOver) process.stderr.write(`${sentence}\n`);
  process.stderr.write(`${isResumed ? 'going on in' : 'writing to'} ${path}\n`);
}

/** Long work with progress on standard error, which Ctrl-C stops in good order by its signal, and a second one at once. */
export async function attended<T>(
  work: (signal: AbortSignal, onProgress: (done: number, total: number, note: string) => void) => Promise<T>,
  unit?: string,
): Promise<T> {
  const interrupt = new AbortController();
  const onSignal = () => {
    if (interrupt.signal.aborted) process.exit(130);
    process.stderr.write('\nstopping; give the same command again to go on from here\n');
    interrupt.abort(new Interrupted('interrupted'));
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const progress = progressReporter(process.stderr, () => performance.now(), unit);
  try {
    return await work(interrupt.signal, progress.update);
  } finally {
    progress.end();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

/** Name, version, source hash, commit and dirty flag of the code that runs, from its own folder. */
export function ownVersion(from: URL): Manifest['toolstone'] {
  const file = [new URL('./package.json', from), new URL('../package.json', from)].find((one) => existsSync(one));
  const source = sourceHash(from);
  const unknown = { version: 'unknown', source, commit: 'unknown', dirty: false };
  if (file === undefined) return unknown;
  const { version = 'unknown' } = JSON.parse(readFileSync(file, 'utf8')) as { version?: string };
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: new URL('.', file), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const { status, stdout } = git('rev-parse', '--show-prefix', 'HEAD');
  const [prefix, commit] = (stdout ?? '').split('\n');
  if (status !== 0 || prefix !== '' || commit === undefined) return { ...unknown, version };
  return { version, source, commit, dirty: git('status', '--porcelain').stdout.trim() !== '' };
}

/** SHA-256 (hex) over the files that decide what an episode is; reports can be made again and are not among them. */
function sourceHash(from: URL): string {
  const hash = createHash('sha256');
  for (const folder of ['core', 'envs', 'suites', 'judges', 'baselines']) {
    const path = fileURLToPath(new URL(`./${folder}`, from));
    const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const file of files.map((entry) => join(entry.parentPath, entry.name)).sort()) {
      hash.update(relative(path, file)).update('\0').update(readFileSync(file));
    }
  }
  return hash.digest('hex');
}
