import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import type { Execution } from '../execution.ts';
import { messageOf, UsageError } from '../errors.ts';
import { writeWhole } from './files.ts';
import { shaped } from './shape.ts';

/** A training between two updates: everything needed to go on to bit-identical weights and records. */
export interface Checkpoint {
  readonly job: string;
  /** The policy as its training began, with what was taken away from it, e.g. `pointer?scalars=false`. */
  readonly policy: string;
  /** How the policy calls tools; absent: `calls`. */
  readonly execution?: Execution;
  /** Updates done. */
  readonly update: number;
  /** Episodes of the plan that are settled: played in training or for its warm start, or spared by an early end. */
  readonly episodes: number;
  /** The training ended before its budget. */
  readonly isOver?: boolean;
  /** Records and learner metrics since the checkpoint before, so that a kill between two writes loses none. */
  readonly trajectories: readonly string[];
  readonly learning: readonly string[];
  /** The learner's `save()`. */
  readonly state: Uint8Array;
}

const magic = 'toolstone checkpoint 1';

/** Layout: magic line, one JSON line (all but the state, and the state's SHA-256), then the state's bytes. */
export function writeCheckpoint(path: string, checkpoint: Checkpoint): void {
  const { state, ...rest } = checkpoint;
  const header = JSON.stringify({ ...rest, sha256: createHash('sha256').update(state).digest('hex') });
  writeWhole(path, Buffer.concat([Buffer.from(`${magic}\n${header}\n`), state]));
}

/** Reads a checkpoint. Throws `UsageError` when it is missing, torn, unreadable or of another kind. */
export function readCheckpoint(path: string): Checkpoint {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new UsageError(`There is no checkpoint ${path}. Name a *.checkpoint file.`);
  }
  try {
    const bytes = readFileSync(path);
    const first = bytes.indexOf(10);
    const second = bytes.indexOf(10, first + 1);
    if (bytes.subarray(0, first).toString() !== magic || second < 0) throw new Error('it is no Toolstone checkpoint');
    const header: unknown = JSON.parse(bytes.subarray(first + 1, second).toString());
    type Header = Omit<Checkpoint, 'state'> & { readonly sha256: string };
    const { sha256, ...rest } = shaped('checkpoint', header) as Header;
    const state = new Uint8Array(bytes.subarray(second + 1));
    if (createHash('sha256').update(state).digest('hex') !== sha256) throw new Error('its weights are damaged');
    return { ...rest, state };
  } catch (error) {
    throw unusable(path, error);
  }
}

/** For a checkpoint that is whole, but of which something cannot be used. */
export const unusable = (path: string, error: unknown): UsageError =>
  new UsageError(
    `Cannot use checkpoint ${path}: ${messageOf(error)}. Delete it to train that job again from the start.`,
    { cause: error },
  );
