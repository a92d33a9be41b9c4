import type { Job } from '../run-types.ts';
import type { Resume } from './episode.ts';

/** A piece of work that is still owed: a job, or some episodes of one. */
export interface Piece {
  readonly job: Job;
  readonly resume: Resume | null;
  readonly only?: readonly string[];
  /** Episodes of it. */
  readonly episodes: number;
}

/** A job's episodes in pieces of `batch` at most, the last one smaller. */
export const batchesOf = (job: Job, keys: readonly string[], batch: number): Piece[] =>
  Array.from({ length: Math.ceil(keys.length / batch) }, (_, index) => {
    const only = keys.slice(index * batch, (index + 1) * batch);
    return { job, resume: null, only, episodes: only.length };
  });
