import { createHash } from 'node:crypto';
import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/near-names.ts';
import type { OwnTask } from './format.ts';
import type { ReadTaskFile } from './read.ts';

/** The splits of tasks that policies learn from and are measured by. */
export const learningSplits = ['train', 'validation', 'test'] as const;

/**
 * The split that a task says, else a third by its id alone: SHA-256, its first 32 bits modulo 3, so that other tasks of the file
 * change nothing.
 */
export const splitOf = ({ id, split }: Pick<OwnTask, 'id' | 'split'>): (typeof learningSplits)[number] =>
  split ?? (learningSplits[createHash('sha256').update(id).digest().readUInt32BE() % 3] as 'train');

/** A file as if it held these tasks alone, in its own order; places keep their lines. Throws `UsageError` for ids that it lacks. */
export function onlyTasks(taskFile: ReadTaskFile, only: readonly string[] | undefined): ReadTaskFile {
  if (only === undefined) return taskFile;
  const { file, lineOf, complain } = taskFile;
  const ids = file.tasks.map(({ id }) => id);
  const unknown = only.find((id) => !ids.includes(id));
  if (unknown !== undefined)
    throw new UsageError(`The file has no task "${unknown}".${didYouMean(unknown, ids)} It has ${ids.join(', ')}.`);
  const kept = ids.flatMap((id, index) => (only.includes(id) ? [index] : []));
  const placeOf = (path: Parameters<typeof lineOf>[0]) =>
    path[0] === 'tasks' && typeof path[1] === 'number' ? ['tasks', kept[path[1]] ?? path[1], ...path.slice(2)] : path;
  return {
    ...taskFile,
    file: { ...file, tasks: file.tasks.filter(({ id }) => only.includes(id)) },
    lineOf: (path) => lineOf(placeOf(path)),
    complain: (faults) => complain(faults.map((fault) => ({ ...fault, path: placeOf(fault.path) }))),
  };
}
