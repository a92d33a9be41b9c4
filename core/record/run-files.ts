import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { LearningPoint, Timing } from '../run-types.ts';
import type { ScoredTrajectory } from '../trajectory.ts';
import { currentTrajectory } from './earlier-versions.ts';
import { shaped } from './shape.ts';
import { eachJsonLine, jsonLineAt, type LinesRead, type Place, type StoredLine } from './lines.ts';

/** A file of a run folder that holds one record a line. */
export interface RunFile<T, Name extends string = string> {
  readonly name: Name;
  /** The value of a line as a record. Throws `TypeError` where it has not the shape of one. */
  readonly recordOf: (value: unknown) => T;
}

/** A system prompt, stored once however many episodes had it. */
export interface SystemPrompt {
  /** As in `system` of a trajectory. */
  readonly hash: string;
  readonly text: string;
}

export const trajectoryFile: RunFile<ScoredTrajectory, 'trajectories.jsonl'> = {
  name: 'trajectories.jsonl',
  recordOf: (value) => shaped('trajectory', currentTrajectory(value)) as ScoredTrajectory,
};

export const learningFile: RunFile<LearningPoint, 'learning.jsonl'> = {
  name: 'learning.jsonl',
  recordOf: (value) => shaped('learning', value) as LearningPoint,
};

export const timingFile: RunFile<Timing, 'timings.jsonl'> = {
  name: 'timings.jsonl',
  recordOf: (value) => shaped('timing', value) as Timing,
};

export const systemFile: RunFile<SystemPrompt, 'systems.jsonl'> = {
  name: 'systems.jsonl',
  recordOf: (value) => shaped('system', value) as SystemPrompt,
};

/**
 * Calls `use` with each record of a file of the run in `folder`, in the order of the file; only one is in memory. A missing
 * file has none. A line that is no record, or of which `use` throws, is a `UsageError` which names it.
 */
export function eachRecord<T>(
  folder: string,
  { name, recordOf }: RunFile<T>,
  use: (record: T, line: StoredLine) => void,
): LinesRead {
  return eachJsonLine(join(folder, name), (value, line) => use(recordOf(value), line));
}

/** Hash → text of the system prompts of a run. */
export function readSystems(folder: string): Map<string, string> {
  const systems = new Map<string, string>();
  eachRecord(folder, systemFile, ({ hash, text }) => systems.set(hash, text));
  return systems;
}

/** Trajectories of a run, read again at places that `eachRecord` told. Whoever opens them closes them. */
export interface Trajectories {
  readonly at: (place: Place | null) => ScoredTrajectory;
  readonly close: () => void;
}

export function openTrajectories(folder: string): Trajectories {
  const file = openSync(join(folder, trajectoryFile.name), 'r');
  return {
    at: (place) => {
      if (place === null) throw new Error('a row was asked for its record');
      return trajectoryFile.recordOf(jsonLineAt(file, place));
    },
    close: () => closeSync(file),
  };
}
