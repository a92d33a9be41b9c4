import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { eachLine, type Place } from './lines.ts';
import type { Job, LearningPoint, Manifest, Timing } from '../run-types.ts';
import type { ScoredTrajectory } from '../trajectory.ts';
import episodeOf, { endings, voids, type Episode } from './episode.ts';

/** A run folder as reports see it. */
export interface Run {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly jobs: ReadonlyMap<string, Job>;
  readonly episodes: readonly Episode[];
  readonly learning: readonly LearningPoint[];
  readonly timings: readonly Timing[];
  /** Hash → text of system prompts. */
  readonly systems: ReadonlyMap<string, string>;
  /** What was tolerated, one sentence each (a torn last line, void episodes). */
  readonly notes: readonly string[];
}

/** Folder of a run by path, or by name below `runsFolder`. Throws `UsageError` that lists the known names. */
export function findRun(nameOrPath: string, runsFolder: string): string {
  for (const folder of [join(runsFolder, nameOrPath), resolve(nameOrPath)]) {
    if (existsSync(join(folder, 'manifest.json'))) return folder;
  }
  const known = existsSync(runsFolder)
    ? readdirSync(runsFolder)
        .filter((name) => existsSync(join(runsFolder, name, 'manifest.json')))
        .sort()
    : [];
  const names =
    known.length > 0 ? `Known runs: ${known.join(', ')}.` : 'There are no runs yet: make one with `toolstone bench`.';
  throw new UsageError(`There is no run "${nameOrPath}": no folder of that name holds a manifest.json. ${names}`);
}

/**
 * Reads a run folder. Trajectories are read line by line and reduced to their figures, so a long experiment fits in
 * memory. A torn last line (a killed run) is left out and noted; any other broken line is a `UsageError`.
 */
export default function readRun(folder: string): Run {
  const manifest = readManifest(folder);
  const jobs = new Map(manifest.jobs.map((job) => [job.name, job]));
  const notes: string[] = [];
  const episodes: Episode[] = [];
  readLines(folder, 'trajectories.jsonl', notes, (line, place) => {
    const digest = createHash('sha256').update(line).digest('hex');
    const trajectory = JSON.parse(line.toString()) as ScoredTrajectory;
    const job = jobs.get(trajectory.key.job);
    if (!job) throw new TypeError(`the manifest knows no job "${trajectory.key.job}"`);
    episodes.push(episodeOf(trajectory, job.seed, digest, place));
  });
  const learning: LearningPoint[] = [];
  readLines(folder, 'learning.jsonl', notes, (line) => {
    const point = JSON.parse(line.toString()) as LearningPoint;
    if (typeof point.job !== 'string' || typeof point.metrics !== 'object')
      throw new TypeError('it has no job or metrics');
    learning.push(point);
  });
  const timings: Timing[] = [];
  readLines(folder, 'timings.jsonl', notes, (line) => {
    const timing = JSON.parse(line.toString()) as Timing;
    if (typeof timing.job !== 'string' || typeof timing.seconds !== 'number')
      throw new TypeError('it has no job or seconds');
    timings.push(timing);
  });
  const systems = new Map<string, string>();
  readLines(folder, 'systems.jsonl', notes, (line) => {
    const { hash, text } = JSON.parse(line.toString()) as { hash: string; text: string };
    if (typeof hash !== 'string' || typeof text !== 'string') throw new TypeError('it has no hash or text');
    systems.set(hash, text);
  });
  notes.push(...voidNote(episodes));
  return { folder, manifest, jobs, episodes, learning, timings, systems, notes };
}

function voidNote(episodes: readonly Episode[]): string[] {
  const count = voids(episodes);
  if (count === 0) return [];
  const broken = episodes.filter(({ success }) => success === null);
  const reason = broken.find(({ failure }) => failure !== null)?.failure ?? 'nothing could be scored';
  return [
    `${count} of ${episodes.length} recorded episodes are void and in no mean (${endings(broken)}); the first because: ` +
      `${reason.replace(/\.$/, '')}. The same command given again tries those of the final evaluations anew.`,
  ];
}

/** The whole trajectory of an episode, read again from the file. */
export function readTrajectory(run: Run, { place }: Episode): ScoredTrajectory {
  const file = openSync(join(run.folder, 'trajectories.jsonl'), 'r');
  try {
    const bytes = Buffer.alloc(place.length);
    readSync(file, bytes, 0, place.length, place.start);
    return JSON.parse(bytes.toString()) as ScoredTrajectory;
  } finally {
    closeSync(file);
  }
}

/** What a run folder says of its run. Throws `UsageError`. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder} is not a run: it holds no manifest.json. Give the folder of a run, e.g. reports/runs/NAME.`,
    );
  }
  const cure = 'Restore the file, or make the run again with another --out.';
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch (error) {
    throw new UsageError(`${path} is corrupt (${messageOf(error)}). ${cure}`, { cause: error });
  }
  const version: unknown = (manifest as Manifest | null)?.version;
  if (version !== 1) {
    throw new UsageError(
      `${path} has version ${JSON.stringify(version)}, expected 1. Report it with the toolstone that wrote it.`,
    );
  }
  const jobs: unknown = manifest.jobs;
  if (!Array.isArray(jobs) || jobs.some((job: Job) => typeof job?.name !== 'string' || typeof job.rows !== 'object')) {
    throw new UsageError(`${path} is corrupt (its jobs are not a list of named jobs). ${cure}`);
  }
  return manifest;
}

/** Calls `use` with each whole line; a torn last one is noted. */
function readLines(folder: string, name: string, notes: string[], use: (line: Buffer, place: Place) => void): void {
  const path = join(folder, name);
  let lines = 0;
  const torn = eachLine(path, (line, place, number) => {
    lines = number;
    useLine(path, number, () => use(line, place));
  });
  if (torn === 0) return;
  notes.push(`The last line of ${name} (line ${lines + 1}) is torn and was left out: its episode is still owed.`);
}

function useLine(path: string, number: number, use: () => void): void {
  try {
    use();
  } catch (error) {
    throw new UsageError(
      `${path}, line ${number}, is not a record of this run: ${messageOf(error)}. ` +
        'Delete that line and give the same command again to have its episode done anew.',
      { cause: error },
    );
  }
}
