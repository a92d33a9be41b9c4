import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { AttackStamp } from '../core/calibration-types.ts';
import { UsageError } from '../core/errors.ts';
import { chainNote } from '../core/record/chain.ts';
import { tokensNamed } from '../core/record/counting-notes.ts';
import { voids } from '../core/record/episode-figures.ts';
import { writableFolder, writeWhole } from '../core/record/files.ts';
import readRun, { type Run } from '../core/record/read-run.ts';
import { writeRows } from '../core/record/row-files.ts';
import { isFinal } from './arms/arms.ts';
import { namedArms } from './arms/named-arms.ts';
import { headlineOf } from './headline/headline.ts';
import reportPage from './html/page.ts';
import { trainingTimingsTable } from './tables/timings.ts';
import type { WrittenReport } from './write-report.ts';
import writeTables, { pathsOf, tablesOf, writeNotes } from './write-tables.ts';

/**
 * Writes what is committed of a run: its manifest and its rows. Tables and page are made from these (`renderRecord`). The run's
 * episodes have to know their phrasings. Throws `UsageError` where the run is not complete, or was made by uncommitted code.
 */
export function writeRecord(folder: string, run: Run): void {
  const { manifest, chain } = run;
  if (chain.kind !== 'sealed')
    throw new UsageError(
      `${run.folder} is not complete, so that no record is made of it. Re-run the same command to play what is missing.`,
    );
  if (manifest.toolstone.dirty)
    throw new UsageError(
      `${run.folder} was made by a working tree with uncommitted changes, so that nobody could say which code its figures are of. ` +
        'Commit the changes and re-run the same command.',
    );
  writableFolder(folder);
  writeWhole(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const arms = namedArms(manifest.jobs);
  writeRows(folder, { ...run, head: chain.head }, (job) => arms.ofJob(job)?.name ?? job);
}

/** Makes tables and page of a record from its manifest and rows alone; equal rows give equal bytes. Throws `UsageError`. */
export function renderRecord(folder: string, attacks: readonly AttackStamp[]): WrittenReport {
  const run = readRun(folder);
  const tables = tablesOf([run], attacks);
  const all = [...tables, trainingTimingsTable([run])];
  const written = writeTables(folder, all);
  // An earlier record in the folder may have had tables of which these rows give nothing.
  const stale = all.flatMap((table) => pathsOf(folder, table)).filter((path) => !written.includes(path));
  for (const path of stale) rmSync(path, { force: true });
  written.push(writeNotes(folder, run));
  const headline = headlineOf(run);
  const page = join(folder, 'report.html');
  writeWhole(page, reportPage(run, tables, { headline }));
  return {
    page,
    files: [page, ...written],
    tables,
    headline,
    arms: namedArms(run.manifest.jobs),
    notes: [...run.notes, tokensNamed(run.manifest.tokens), chainNote(run.chain)],
    voidEpisodes: voids(run.episodes.filter(isFinal)),
    drift: [],
  };
}
