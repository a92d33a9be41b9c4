import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { chainName, hashesName } from '../../core/record/chain.ts';
import { mediaFolder } from '../../core/record/media-files.ts';
import { learningFile, systemFile, timingFile, trajectoryFile } from '../../core/record/run-files.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import writeReport from '../../reports/write-report.ts';
import { phrasingsOf } from './phrasings.ts';
import type { Prices } from './prices.ts';

/** What of a run folder its report is made from. */
const records = [
  'manifest.json',
  trajectoryFile.name,
  learningFile.name,
  systemFile.name,
  timingFile.name,
  hashesName,
  chainName,
  mediaFolder,
];

/** Files of a report, relative to the run's folder, in order. */
export function reportFiles(folder: string): string[] {
  const tables = join(folder, 'tables');
  const names = existsSync(tables) ? readdirSync(tables).map((name) => join('tables', name)) : [];
  return ['summary.json', 'report.html', ...names].filter((name) => existsSync(join(folder, name))).sort();
}

/** Makes the report of the run in `folder` in another one, which is empty, from its records alone. Throws `UsageError`. */
export async function reportBeside(folder: string, beside: string, { of: moneyOf }: Prices): Promise<void> {
  for (const name of records) if (existsSync(join(folder, name))) symlinkSync(join(folder, name), join(beside, name));
  writeReport(beside, { attacks: knownAttacks(), phrasingOf: await phrasingsOf(folder), moneyOf });
}

/** How files of one folder differ from those of the same names in another, a sentence each. */
export function fileDifferences(names: readonly string[], stored: string, anew: string): string[] {
  return names.flatMap((name) => {
    const [theirs, ours] = [join(stored, name), join(anew, name)].map((path) =>
      existsSync(path) ? readFileSync(path, 'utf8') : null,
    );
    if (theirs === ours) return [];
    if (ours === null || ours === undefined) return [`${name} is in the folder, and nothing makes it anew.`];
    if (theirs === null || theirs === undefined) return [`${name} is missing in the folder.`];
    const lines = ours.split('\n');
    const first = theirs.split('\n').findIndex((line, index) => line !== lines[index]);
    return [`${name} differs from line ${(first < 0 ? theirs.split('\n').length : first) + 1} on.`];
  });
}
