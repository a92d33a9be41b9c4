import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chainName, chainOf, hashesName } from '../../core/record/chain.ts';
import { openLineHashes } from '../../core/record/line-hashes.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import syntheticRun, { writeRun } from '../reports/synthetic-run.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

/** Gives the records of a folder hashes and a chain, as if they had been written with them. */
function seal(folder: string): string {
  const hashes: string[] = [];
  chainOf(folder, (hash) => hashes.push(`${JSON.stringify(hash)}\n`));
  writeFileSync(join(folder, hashesName), hashes.join(''));
  const open = openLineHashes(folder);
  open.seal();
  open.close();
  return (JSON.parse(readFileSync(join(folder, chainName), 'utf8')) as { head: string }).head;
}

test('a forged record is refused by every command that reads it, with file, line and cure', async () => {
  using run = writeRun(syntheticRun({ seeds: 1, tasks: 6 }));
  const { folder } = run;
  seal(folder);
  const file = join(folder, 'trajectories.jsonl');
  const lines = readFileSync(file, 'utf8').split('\n');
  const forged = lines.findIndex((line) => line.includes('"verified":false'));
  lines[forged] = (lines[forged] ?? '').replace('"verified":false', '"verified":true');
  writeFileSync(file, lines.join('\n'));
  const labels = join(folder, 'labels.jsonl');
  const { key, verdicts } = JSON.parse(lines[0] ?? '') as ScoredTrajectory;
  const label = {
    trajectory: keyText(key),
    criterion: verdicts[0]?.criterion,
    label: 1,
    rater: 'anna',
    source: 'human',
  };
  writeFileSync(labels, `${JSON.stringify(label)}\n`);
  const out = join(temporaryFolder(), 'out');
  const commands = [
    ['report', folder],
    ['judge', folder, '--judge', 'code', '--out', out],
    ['gate', folder],
    ['gate', folder, '--accept', 'a reason', '--reference', out],
    ['export', folder, '--out', out],
    ['calibrate', folder, '--judge', 'code', '--labels', labels, '--out', out],
  ];
  for (const command of commands) {
    const { code, stderr } = await toolstone(...command);
    expect(code, `${command.join(' ')}: ${stderr}`).toBe(2);
    expect(stderr, command[0]).toContain(`trajectories.jsonl, line ${forged + 1}, is not what the run wrote`);
    expect(stderr).toContain('delete that line and re-run the command that wrote it');
  }
  expect(existsSync(out) ? readdirSync(out) : [], 'nothing was made of it').toEqual([]);
}, 60_000);

test('the head stands in the page, beside the tables, in a new reference, and in what the gate says', async () => {
  using run = writeRun(syntheticRun({ seeds: 1, tasks: 6 }));
  const { folder } = run;
  const reference = temporaryFolder();
  const old = await toolstone('report', folder);
  expect(old.stderr).toContain('written by an older Toolstone without hashes');
  expect((await toolstone('gate', folder, '--accept', 'older', '--reference', reference)).code).toBe(0);
  expect((await toolstone('gate', folder, '--reference', reference)).stderr).toContain(
    'without a hash chain of its records',
  );
  const head = seal(folder);
  const { stderr } = await toolstone('report', folder);
  expect(stderr, 'nobody reads it after each run').not.toContain(head);
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(head);
  expect(readFileSync(join(folder, 'tables', 'notes.md'), 'utf8')).toContain(head);
  expect((await toolstone('gate', folder, '--accept', 'new', '--reference', reference)).code).toBe(0);
  expect(readFileSync(join(reference, 'reference.json'), 'utf8')).toContain(`"chainHead": "${head}"`);
  expect((await toolstone('gate', folder, '--reference', reference)).stderr).toContain(head);
}, 60_000);
