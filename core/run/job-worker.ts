import { messageOf, UsageError } from '../errors.ts';
import { PolicyUnusable } from '../policy-unusable.ts';
import type { Job } from '../run-types.ts';
import type { JobMessage, Resume } from './episode.ts';

/** One piece of work, as it crosses the border of a thread or of a machine. */
export interface JobRequest {
  readonly job: Job;
  readonly resume: Resume | null;
  /** Keys of records that an earlier try has written. */
  readonly done: readonly string[];
  /** Keys of the episodes that are played, of a job without a training; absent: all of the job. */
  readonly only?: readonly string[];
}

/** A job runner elsewhere (a thread, or a worker on another machine), which does one piece of work at a time. */
export interface JobWorker {
  /** Resolves when the work is done; rejects with what broke it. */
  readonly run: (request: JobRequest, listen: (message: JobMessage) => void) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Who plays the jobs of a run. */
export interface Crew {
  readonly startWorker: () => JobWorker;
  /** Pieces of work given out at once. Cannot change a number. */
  readonly width: number;
  /** Episodes of a piece, where a job without a training is given out in several; absent: a job is one piece. */
  readonly batch?: number;
  /** What the line of progress says of them. */
  readonly note?: () => string;
}

/** What broke a piece of work, as it crosses the same border. */
export interface Failure {
  readonly isUsage: boolean;
  readonly isOfPolicy: boolean;
  readonly message: string;
  readonly stack: string;
}

export function failureOf(error: unknown): Failure {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const isOfPolicy = error instanceof PolicyUnusable;
  const message = isOfPolicy ? error.message : messageOf(error);
  return { isUsage: error instanceof UsageError, isOfPolicy, message, stack };
}

/** The error that `failureOf` told of. */
export function errorOf({ isUsage, isOfPolicy, message, stack }: Failure): Error {
  if (isOfPolicy) return new PolicyUnusable(message);
  if (isUsage) return new UsageError(message);
  const error = new Error(message);
  error.stack = stack;
  return error;
}
