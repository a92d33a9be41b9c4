import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { holdsRows } from '../../core/record/row-files.ts';
import { trajectoryFile } from '../../core/record/run-files.ts';
import { recordName, slug } from './jobs.ts';
import { shownPath } from './printing.ts';
import { uncommittedFiles } from './version.ts';

/** Folder of all records of experiments, below the folder that the user stands in. */
export const recordsFolder = resolve('reports/reference/experiments');

/** Folder of an experiment's record on a suite; `tools` is what the user asked for with --tools. */
export const recordFolder = (experiment: string, suite: string, judge: string | undefined, tools?: string): string =>
  join(recordsFolder, recordName(experiment, suite, judge) + (tools === undefined ? '' : `-tools-${slug(tools)}`));

/**
 * Figures of record name the commit that made them. Throws `UsageError` where files of the code are in none; `instead` says how to go
 * on without writing any.
 */
export function refuseUncommitted(instead: string): void {
  const files = uncommittedFiles();
  if (files.length === 0) return;
  const named = [...files.slice(0, 3), ...(files.length > 3 ? [`${files.length - 3} more`] : [])].join(', ');
  throw new UsageError(
    `The working tree has uncommitted changes (${named}), and figures of record have to name the commit that made them. ` +
      `Commit or stash the changes and repeat the command, or ${instead}.`,
  );
}

/**
 * Of a folder of record tables and page are made from its rows. Throws `UsageError` where it has none, as those of older versions,
 * or where more is asked than rows can tell.
 */
export function refuseWithoutRows(folder: string, asksMore: boolean): void {
  if (holdsRows(folder)) {
    if (!asksMore) return;
    throw new UsageError(
      `${shownPath(folder)} holds rows of a run and not its records: leave out --trainings and the later run.`,
    );
  }
  if (existsSync(join(folder, trajectoryFile.name)) || !existsSync(join(folder, 'families.json'))) return;
  throw new UsageError(
    `${shownPath(folder)} holds tables of an older Toolstone without a row of any episode, so nothing can be recomputed. ` +
      'Run its experiment again (reports/reference/experiments/README.md).',
  );
}
