// node commands/figures/kept-lists.ts [NAME …]: asks the listed servers of envs/listed/sources.json for their tools, all of them or
// those named, and keeps what they answer in envs/listed/lists, each with its licence. Needs npm and the package registry; one
// package at a time lies on the disk.
import { rmSync, writeFileSync } from 'node:fs';
import { UsageError } from '../../core/errors.ts';
import { keepListOf } from '../../envs/listed/keep.ts';
import { keptListFile, writeKeptList } from '../../envs/listed/kept-list.ts';
import { isPermissive } from '../../envs/listed/source.ts';
import { listedSources } from '../../envs/listed/sources.ts';
import { print, tell } from '../shared/printing.ts';

const wanted = process.argv.slice(2);
const today = new Date().toISOString().slice(0, 10);
const chosen = listedSources.filter(
  (source) => isPermissive(source) && (wanted.length === 0 || wanted.includes(source.name)),
);
for (const source of chosen) {
  const file = keptListFile(source);
  try {
    const { list, licenceText } = await keepListOf(source, today);
    writeKeptList(file, list);
    writeFileSync(file.replace(/\.json\.br$/, '.LICENCE.txt'), licenceText);
    print(`${source.name}: ${list.tools.length} tools, ${list.quarantined.length} left out`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    rmSync(file, { force: true });
    tell(error.message);
    process.exitCode = 1;
  }
}
