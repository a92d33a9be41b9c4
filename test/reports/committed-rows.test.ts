import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import knownAttacks from '../../judges/calibration/known-attacks.ts';
import { withPhrasings } from '../../reports/arms/arms.ts';
import { renderRecord, writeRecord } from '../../reports/write-record.ts';
import { isWhole } from '../whole.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const root = new URL('../../', import.meta.url).pathname;

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-committed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Files of a record that its rows do not give, byte by byte. The page is not committed. */
function unlikeRows(record: string): string[] {
  const copy = temporary();
  for (const name of globSync('{*.gz,manifest.json,rows.json}', { cwd: record }))
    cpSync(join(record, name), join(copy, name));
  const made = renderRecord(copy, knownAttacks()).files.map((path) => path.slice(copy.length + 1));
  const kept = globSync('*.{md,csv,svg}', { cwd: record }).filter((name) => name !== 'README.md');
  return [...new Set([...made, ...kept])]
    .filter((name) => name !== 'report.html')
    .filter((name) => textOf(join(copy, name)) !== textOf(join(record, name)))
    .toSorted();
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const records = globSync('reports/reference/experiments/**/episodes.csv.gz', { cwd: root }).map(dirname).toSorted();

// All of them take minutes. `toolstone report FOLDER` makes tables anew where how they are made has changed.
test('the tables of every committed record with rows are those that its rows give', () => {
  const few = records.toSorted((a, b) => sizeOf(a) - sizeOf(b)).slice(0, isWhole ? undefined : 1);
  expect(few.map((record) => [record, unlikeRows(join(root, record))])).toEqual(few.map((record) => [record, []]));
}, 600_000);

const sizeOf = (record: string): number => readFileSync(join(root, record, 'episodes.csv.gz')).length;

test('a table that is not that of its rows is noticed, and so is one that they do not give', () => {
  using written = writeRun(syntheticRun({ seeds: 1, tasks: 4 }));
  const record = temporary();
  writeRecord(record, { ...withPhrasings(readRun(written.folder)), chain: { kind: 'sealed', head: 'a' } });
  renderRecord(record, knownAttacks());
  expect(unlikeRows(record)).toEqual([]);
  writeFileSync(
    join(record, 'rewards.csv'),
    readFileSync(join(record, 'rewards.csv'), 'utf8').replace(/0\.\d/, '0.99'),
  );
  writeFileSync(join(record, 'other.csv'), 'a\n');
  expect(unlikeRows(record)).toEqual(['other.csv', 'rewards.csv']);
});
