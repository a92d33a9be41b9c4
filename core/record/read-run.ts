import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { messageOf, UsageError } from '../errors.ts';
import { excerptOf } from '../json.ts';
import type { Job, LearningPoint, Manifest, Timing } from '../run-types.ts';
import episodeOf, { endings, isForJudge, isVoid, voids, type Episode } from './episode-figures.ts';
import { inRealNames } from '../aliases/recorded-names.ts';
import countingNotes from './counting-notes.ts';
import { toolspaceNotes } from './toolspace-notes.ts';
import { currentManifest } from './earlier-versions.ts';
import { type ChainState, checkRecords } from './chain.ts';
import { holdsRows, readRows } from './row-files.ts';
import { toolChoiceOf } from './tool-choice.ts';
import type { StoredLine } from './lines.ts';
import { shapeFault } from './shape.ts';
import { eachRecord, learningFile, systemFile, timingFile, trajectoryFile, type RunFile } from './run-files.ts';

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
  /** Whether the records are known to be what the run wrote. */
  readonly chain: ChainState;
  /** What was tolerated, one sentence each (a torn last line, void episodes). */
  readonly notes: readonly string[];
}

/** Folder of a run by path, or by name below `runsFolder`. Throws `UsageError` that lists the known names. */
export function findRun(nameOrPath: string, runsFolder: string): string {
  for (const folder of [join(runsFolder, nameOrPath), resolve(nameOrPath)]) {
    if (existsSync(join(folder, 'manifest.json'))) return folder;
  }
  const runs = existsSync(runsFolder)
    ? readdirSync(runsFolder)
        .filter((name) => existsSync(join(runsFolder, name, 'manifest.json')))
        .sort()
    : [];
  const names =
    runs.length > 0 ? `Known runs: ${runs.join(', ')}.` : 'There are no runs yet: make one with `toolstone bench`.';
  throw new UsageError(`There is no run "${nameOrPath}": no folder of that name contains a manifest.json. ${names}`);
}

/**
 * Reads a run folder, or the rows of one. Trajectories are read line by line and reduced to their figures, so a long experiment fits in
 * memory. A torn last line (a killed run) is left out and noted; any other broken line is a `UsageError`, and so is one that is
 * not what the run wrote.
 */
export default function readRun(folder: string): Run {
  const manifest = readManifest(folder);
  const jobs = new Map(manifest.jobs.map((job) => [job.name, job]));
  if (holdsRows(folder)) {
    const { head, ...rows } = readRows(folder, jobs);
    const notes = [...toolspaceNotes(manifest), ...notesOf(rows.episodes)];
    return { folder, manifest, jobs, ...rows, systems: new Map(), chain: { kind: 'rows', head }, notes };
  }
  const notes = toolspaceNotes(manifest);
  const chain = checkRecords(folder);
  const read = <T>(file: RunFile<T>, use: (record: T, line: StoredLine) => void): void => {
    const { lines, tornBytes } = eachRecord(folder, file, use);
    if (tornBytes > 0) notes.push(tornNote(file.name, lines + 1));
  };
  const episodes: Episode[] = [];
  read(trajectoryFile, (recorded, { bytes, place }) => {
    const trajectory = inRealNames(recorded);
    const job = jobs.get(trajectory.key.job);
    if (!job) throw new TypeError(`the manifest knows no job "${trajectory.key.job}"`);
    const digest = createHash('sha256').update(bytes).digest('hex');
    episodes.push({ ...episodeOf(trajectory, job.seed, digest, place), tools: toolChoiceOf(trajectory, manifest) });
  });
  const learning: LearningPoint[] = [];
  read(learningFile, (point) => learning.push(point));
  const timings: Timing[] = [];
  read(timingFile, (timing) => timings.push(timing));
  const systems = new Map<string, string>();
  read(systemFile, ({ hash, text }) => systems.set(hash, text));
  notes.push(...notesOf(episodes));
  return { folder, manifest, jobs, episodes, learning, timings, systems, chain, notes };
}

const notesOf = (episodes: readonly Episode[]): string[] => [
  ...voidNote(episodes),
  ...judgeNote(episodes),
  ...countingNotes(episodes),
];

const tornNote = (name: string, line: number): string =>
  `The last line of ${name} (line ${line}) is incomplete and was left out; re-run the command to play its episode again.`;

function voidNote(episodes: readonly Episode[]): string[] {
  const count = voids(episodes);
  if (count === 0) return [];
  const voidEpisodes = episodes.filter(isVoid);
  const reason = voidEpisodes[0]?.failure ?? '';
  return [
    `${count} of ${episodes.length} recorded episodes are void and left out of all means (${endings(voidEpisodes)}); the first because: ` +
      `${reason.replace(/\.$/, '')}. Re-run the same command to repeat those of the final evaluations.`,
  ];
}

function judgeNote(episodes: readonly Episode[]): string[] {
  const count = episodes.filter(isForJudge).length;
  return count === 0
    ? []
    : [
        `${count} of ${episodes.length} recorded episodes pass what code can check, and only a judge can decide whether they are right ` +
          '(toolstone judge); they are left out of mean success.',
      ];
}

/** What a run folder says of its run. Throws `UsageError`. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) {
    throw new UsageError(
      `${folder} is not a run: it contains no manifest.json. Name the folder of a run, for example reports/runs/NAME.`,
    );
  }
  const cure = 'Restore the file, or repeat the run with another --out.';
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch (error) {
    throw new UsageError(`${path} is corrupt (${messageOf(error)}). ${cure}`, { cause: error });
  }
  const version: unknown = (manifest as Manifest | null)?.version;
  if (version !== 1) {
    throw new UsageError(
      `${path} has version ${excerptOf(version)}, expected 1. Report it with the toolstone that wrote it.`,
    );
  }
  const fault = shapeFault('manifest', manifest);
  if (fault !== null) throw new UsageError(`${path} is corrupt (it ${fault}). ${cure}`);
  return currentManifest(manifest);
}
