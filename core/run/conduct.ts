import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { PolicyUnusable } from '../policy-unusable.ts';
import { isFinalPhase, trainPhase } from '../phase.ts';
import { readCheckpoint, unusable, writeCheckpoint } from '../record/checkpoint.ts';
import { openLineFile, openLineLog, type LineFile, type LineLog } from '../record/line-file.ts';
import {
  learningFile,
  systemFile,
  timingFile,
  trajectoryFile,
  type RunFile,
  type SystemPrompt,
} from '../record/run-files.ts';
import { shaped, type Shape } from '../record/shape.ts';
import type { Job, LearningPoint } from '../run-types.ts';
import { keyIn, keyText, type Trajectory } from '../trajectory.ts';
import type { JobMessage, Resume } from './episode.ts';
import { episodesOf } from './episodes-of.ts';
import { learningCurves, type LearningCurves } from './learning-curves.ts';
import { tallyOf, type MoneyOf, type Tally } from './tally.ts';
import { keepMedia } from '../record/media-files.ts';
import { openLineHashes, type LineHashes } from '../record/line-hashes.ts';
import { expectRecorded, type Recorder } from '../wire/recorder.ts';
import type { Crew, JobWorker } from './job-worker.ts';
import { batchesOf, type Piece } from './pieces.ts';
import { planOrder } from './plan-order.ts';
import type { Replayed } from '../wire/wire-types.ts';

export interface ConductOptions {
  readonly folder: string;
  readonly jobs: readonly Job[];
  readonly crew: Crew;
  /** Keys of the episodes that a job is measured on, for a crew that takes batches. */
  readonly keysOf?: (job: Job) => readonly string[];
  readonly onProgress: (done: number, total: number, note: string) => void;
  /** For the line of progress alone. */
  readonly moneyOf?: MoneyOf | undefined;
  /** Told why the rest of a job is not played, once for each of its evaluations; the run is then not whole. */
  readonly onStopped?: (job: string, why: string) => void;
  /**
   * Told of each job of a policy that can play no more, where the run has others, which go on; the run is then not whole. Absent:
   * such a policy ends the run as any failure does.
   */
  readonly onUnusable?: (job: Job, why: string) => void;
  /**
   * Proves that what episodes rely on is sound, before the first that this try plays and after the last. Where it rejects the first
   * time nothing is played, and the second time the records are not sealed; its failure is the run's.
   */
  readonly prove?: Prove | undefined;
  /** Keeps what episodes said to servers and models; the order of its episodes is that of the plan at the end. */
  readonly recorder?: Pick<Recorder, 'folder' | 'has' | 'keep' | 'sort'> | undefined;
  /** Told how far a recording answered each episode. */
  readonly onReplayed?: ((replayed: Replayed) => void) | undefined;
  readonly signal: AbortSignal;
}

export type Prove = (when: 'first' | 'last') => Promise<void>;

/**
 * Runs jobs into a run folder: appends every finished episode at once, keeps checkpoints, skips what an earlier try has
 * written unless it is void, and puts the files into plan order at the end. Rejects with the first job's failure after
 * stopping the rest; a policy that can play no more is none where `onUnusable` is told of it.
 */
export async function conduct(options: ConductOptions): Promise<void> {
  const { folder, jobs, signal } = options;
  mkdirSync(join(folder, 'checkpoints'), { recursive: true });
  const tally = tallyOf(jobs, options.moneyOf);
  const files = openFiles(folder, tally);
  const total = jobs.reduce((sum, job) => sum + episodesOf(job), 0);
  let done = 0;
  let isWhole = true;
  const owed: Piece[] = [];
  for (const job of jobs) {
    const resume = resumeOf(folder, job, files);
    const remaining = remainingOf(job, resume, files);
    done += episodesOf(job) - remaining;
    if (remaining > 0) owed.push(...piecesOf(options, files, { job, resume, episodes: remaining }));
  }
  expectRecorded(options.recorder, folder, () => jobs.flatMap(({ name }) => files.keysOf(name)));
  if (owed.length > 0) files.hashes.unseal();
  // The longest first, so that no core is idle at the end; equal ones in the order of the plan.
  owed.sort((a, b) => b.episodes - a.episodes);
  options.onProgress(done, total, '');
  const workers: JobWorker[] = [];
  const curve = learningCurves(jobs);
  const unusable = new Map<string, string>();
  const isAlone = new Set(jobs.map(({ policy }) => policy)).size === 1;
  const givenUp = new Set<string>();
  const giveUp = (job: Job, why: string) => {
    isWhole = false;
    unusable.set(job.policy, why);
    if (!givenUp.has(job.name)) options.onUnusable?.(job, why);
    givenUp.add(job.name);
  };
  const lane = async () => {
    let worker: JobWorker | undefined;
    for (let next = owed.shift(); next !== undefined && !signal.aborted; next = owed.shift()) {
      const { job, resume, only } = next;
      const known = unusable.get(job.policy);
      if (known !== undefined) {
        giveUp(job, known);
        continue;
      }
      if (worker === undefined) workers.push((worker = options.crew.startWorker()));
      const request = only ? { job, resume, done: [], only } : { job, resume, done: files.keysOf(job.name) };
      const run = worker.run(request, (message) => {
        if (message.kind === 'progress') done += message.episodes;
        else if (message.kind === 'stopped') {
          isWhole = false;
          options.onStopped?.(job.name, message.why);
        } else keep(options, job, files, message);
        if (message.kind === 'episode') {
          curve.add(message);
          tally.add(JSON.parse(message.line));
        }
        options.onProgress(done, total, noteOf(job, tally, curve, options.crew));
      });
      await run.catch((error: unknown) => {
        if (!(error instanceof PolicyUnusable) || isAlone || !options.onUnusable) throw error;
        giveUp(job, error.message);
      });
    }
    await worker?.stop();
  };
  const stopAll = () => Promise.allSettled(workers.map((worker) => worker.stop()));
  signal.addEventListener('abort', () => void stopAll(), { once: true });
  try {
    if (owed.length > 0) await options.prove?.('first');
    signal.throwIfAborted();
    await Promise.all(Array.from({ length: Math.max(1, Math.min(options.crew.width, owed.length)) }, lane));
    signal.throwIfAborted();
    sortFiles(jobs, files);
    options.recorder?.sort(planOrder(jobs));
    await options.prove?.('last');
    if (isWhole) files.hashes.seal();
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    await stopAll();
    files.close();
  }
}

/** What is owed of a job as its crew takes it. */
function piecesOf({ crew, keysOf }: ConductOptions, files: RunFiles, whole: Piece): Piece[] {
  const { job } = whole;
  if (crew.batch === undefined || job.training || !keysOf) return [whole];
  const written = new Set(files.keysOf(job.name));
  return batchesOf(
    job,
    keysOf(job).filter((key) => !written.has(key)),
    crew.batch,
  );
}

/** e.g. `3 workers · 1.2M tokens · ▁▃▆ 0.71 · grpo-sparse-tool/seed-1: 5 of 24 solved`. */
function noteOf({ name }: Job, tally: Tally, curve: LearningCurves, { note = () => '' }: Crew): string {
  const solved = tally.solved(name);
  const mover = `${shownName(name)}${solved === '' ? '' : `: ${solved}`}`;
  return [note(), tally.cost(), curve.of(name), mover].filter((part) => part !== '').join(' · ');
}

/** A job's name without the marks that make it one of a file. */
function shownName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // A name of a model may have a percent sign of its own.
    return name;
  }
}

interface RunFiles {
  readonly trajectories: LineFile;
  readonly learning: LineFile;
  readonly timings: LineLog;
  readonly systems: LineFile;
  readonly hashes: LineHashes;
  readonly keysOf: (job: string) => readonly string[];
  readonly close: () => void;
}

/**
 * A void episode is tried again with the run: whatever broke may be whole by now. Not those of a training or of its curve,
 * whose policy has learnt on since.
 */
const isOwedAgain = ({ outcome, key }: Trajectory): boolean => outcome.kind === 'failed' && isFinalPhase(key.phase);

const learningKey = (point: LearningPoint) => `${point.job} ${String(point.update).padStart(6, '0')}`;

function openFiles(folder: string, tally: Tally): RunFiles {
  const keys = new Map<string, string[]>();
  const remember = (key: string) => {
    const { job } = keyIn(key);
    const list = keys.get(job);
    if (list) list.push(key);
    else keys.set(job, [key]);
    return key;
  };
  const hashes = openLineHashes(folder);
  const open = <T>({ name }: RunFile<T>, shape: Shape, keyOf: (record: T) => string | null) =>
    openLineFile(join(folder, name), (value) => keyOf(shaped(shape, value) as T));
  const trajectories = hashes.of(
    trajectoryFile.name,
    open(trajectoryFile, 'entry', (record) => {
      if (isOwedAgain(record)) return null;
      tally.add(record);
      return remember(keyText(record.key));
    }),
  );
  const learning = hashes.of(learningFile.name, open(learningFile, 'learningEntry', learningKey));
  const timings = openLineLog(join(folder, timingFile.name), (value) => void shaped('timing', value));
  const systems = hashes.of(
    systemFile.name,
    open(systemFile, 'system', ({ hash }) => hash),
  );
  const close = () => [trajectories, learning, timings, systems, hashes].forEach((file) => file.close());
  return { trajectories, learning, timings, systems, hashes, keysOf: (job) => keys.get(job) ?? [], close };
}

function remainingOf(job: Job, resume: Resume | null, files: RunFiles): number {
  const evaluated = files.keysOf(job.name).filter((key) => keyIn(key).phase !== trainPhase).length;
  return episodesOf(job) - evaluated - (resume?.episodes ?? 0);
}

export const checkpointPath = (folder: string, job: string): string =>
  join(folder, 'checkpoints', `${job.replaceAll('/', '.')}.checkpoint`);

/** Where a job goes on, after the records that a kill kept from the files have been added. */
function resumeOf(folder: string, job: Job, files: RunFiles): Resume | null {
  const path = checkpointPath(folder, job.name);
  if (!job.training || !existsSync(path)) return null;
  const { update, episodes, isOver = false, state, trajectories, learning } = readCheckpoint(path);
  try {
    appendAll(files, trajectories, learning);
  } catch (error) {
    throw error instanceof UsageError ? error : unusable(path, error);
  }
  return { update, episodes, isOver, state };
}

function appendAll(files: RunFiles, trajectories: readonly string[], learning: readonly string[]): void {
  for (const line of trajectories)
    files.trajectories.append(keyText((shaped('entry', JSON.parse(line)) as Trajectory).key), line);
  for (const line of learning)
    files.learning.append(learningKey(shaped('learningEntry', JSON.parse(line)) as LearningPoint), line);
}

function keep({ folder, recorder, onReplayed }: ConductOptions, job: Job, files: RunFiles, message: JobMessage): void {
  if (message.kind === 'system') {
    const { hash, text } = message;
    files.systems.append(hash, JSON.stringify({ hash, text } satisfies SystemPrompt));
  } else if (message.kind === 'media') keepMedia(folder, message.media);
  else if (message.kind === 'recorded') recorder?.keep(message.episode, message.entry);
  else if (message.kind === 'replayed') onReplayed?.(message.replayed);
  else if (message.kind === 'episode') files.trajectories.append(keyText(message.key), message.line);
  else if (message.kind === 'timing') files.timings.append(JSON.stringify(message.timing));
  else if (message.kind === 'checkpoint') {
    const { kind: _, ...checkpoint } = message;
    const { name, policy, execution } = job;
    const by = execution === undefined ? {} : { execution };
    writeCheckpoint(checkpointPath(folder, name), { job: name, policy, ...by, ...checkpoint });
    appendAll(files, message.trajectories, message.learning);
  }
}

function sortFiles(jobs: readonly Job[], files: RunFiles): void {
  files.systems.sort((a, b) => (a < b ? -1 : 1));
  files.trajectories.sort(planOrder(jobs));
  const jobIndex = new Map(jobs.map((job, index) => [job.name, index]));
  files.learning.sort((a, b) => {
    const [jobA = '', updateA] = a.split(' ');
    const [jobB = '', updateB] = b.split(' ');
    return (jobIndex.get(jobA) ?? 0) - (jobIndex.get(jobB) ?? 0) || Number(updateA) - Number(updateB);
  });
}
