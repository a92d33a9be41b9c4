import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chainNote, checkRecords } from '../../core/record/chain.ts';
import { processStart } from '../../core/process-start.ts';
import { openLineFile } from '../../core/record/line-file.ts';
import { openLineHashes } from '../../core/record/line-hashes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chain-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(path(name), 'utf8');
const keyOf = (value: unknown) => (value as { key: string }).key;
const lineOf = (key: string, said = 'x') => JSON.stringify({ key, said });

/** Writes records as runs do, and seals them in the order of their keys. */
function write(keys: readonly string[], isSealed = true): void {
  const hashes = openLineHashes(folder);
  const trajectories = hashes.of('trajectories.jsonl', openLineFile(path('trajectories.jsonl'), keyOf));
  const systems = hashes.of('systems.jsonl', openLineFile(path('systems.jsonl'), keyOf));
  hashes.unseal();
  for (const key of keys) trajectories.append(key, lineOf(key));
  systems.append('s', lineOf('s'));
  if (isSealed) {
    trajectories.sort((a, b) => (a < b ? -1 : 1));
    hashes.seal();
  }
  for (const file of [trajectories, systems, hashes]) file.close();
}

const snapshot = () => ['trajectories.jsonl', 'systems.jsonl', 'hashes.jsonl', 'chain.json'].map(text);

test('a complete run has one chain, whatever the order of writing, and in whatever pieces it was written', () => {
  write(['a', 'b', 'c']);
  const whole = snapshot();
  const state = checkRecords(folder);
  expect(state).toEqual({ kind: 'sealed', head: (JSON.parse(text('chain.json')) as { head: string }).head });
  expect(chainNote(state)).toMatch(
    /^Records: unchanged since the run wrote them \(hash chain with head [0-9a-f]{64}\)\.$/,
  );
  write(['a', 'b', 'c']);
  expect(snapshot(), 'given again').toEqual(whole);
  for (const name of ['trajectories.jsonl', 'hashes.jsonl', 'systems.jsonl', 'chain.json']) rmSync(path(name));
  write(['c'], false);
  write(['b', 'a']);
  expect(snapshot(), 'in pieces').toEqual(whole);
});

test('a kill leaves whole lines with their hashes, and the rest is owed', () => {
  write(['c', 'a', 'b']);
  const whole = snapshot();
  const order = ['c', 'a', 'b'];
  fc.assert(
    fc.property(fc.nat(3), fc.nat(200), fc.nat(200), (done, tornRecord, tornHash) => {
      for (const name of ['trajectories.jsonl', 'systems.jsonl', 'hashes.jsonl', 'chain.json'])
        rmSync(path(name), { force: true });
      write(order.slice(0, done), false);
      const next = order[done];
      // A hash is written before its line: torn is the hash, or the line behind a whole one.
      if (next !== undefined) {
        const records = text('trajectories.jsonl');
        write([next], false);
        const [hash] = text('hashes.jsonl').trimEnd().split('\n').slice(-1);
        writeFileSync(path('trajectories.jsonl'), records + lineOf(next).slice(0, tornRecord % lineOf(next).length));
        if (tornHash % 2 === 0) {
          writeFileSync(path('trajectories.jsonl'), records);
          writeFileSync(path('hashes.jsonl'), text('hashes.jsonl').slice(0, -1 - (tornHash % (hash?.length ?? 1))));
        }
      }
      expect(checkRecords(folder)).toEqual({ kind: 'open' });
      write(order);
      expect(snapshot()).toEqual(whole);
    }),
    { numRuns: 30 },
  );
});

test.each([
  [
    'changed',
    (lines: string[]) => lines.with(1, lineOf('b', 'y')),
    /trajectories\.jsonl, line 2, is not what the run wrote.*or delete that line/,
  ],
  ['changed in a blank', (lines: string[]) => lines.with(2, `${lines[2]} `), /trajectories\.jsonl, line 3, is not/],
  ['added', (lines: string[]) => [...lines, lineOf('d')], /trajectories\.jsonl, line 4, is not/],
  ['doubled', (lines: string[]) => [...lines, lines[0] ?? ''], /has 4 lines, but 3 by chain\.json: line 4 was added/],
  ['deleted', (lines: string[]) => lines.slice(1), /has 2 lines, but 3 by chain\.json: some are missing/],
  ['moved', (lines: string[]) => lines.toReversed(), /are not those of chain\.json: their order/],
])('a line that was %s is told, with file, line and cure', (_, change, complaint) => {
  write(['a', 'b', 'c']);
  writeFileSync(path('trajectories.jsonl'), `${change(text('trajectories.jsonl').trimEnd().split('\n')).join('\n')}\n`);
  expect(() => checkRecords(folder)).toThrow(complaint);
  expect(() => checkRecords(folder)).toThrow(/Restore/);
});

test('while another process writes the run, it is said to go on, and no line is to be deleted', () => {
  write(['a', 'b'], false);
  writeFileSync(path('lock'), `${process.ppid} ${processStart(process.ppid)}`);
  const open = checkRecords(folder);
  expect(open).toEqual({ kind: 'open', writer: process.ppid });
  expect(chainNote(open)).toMatch(/the run is still going on \(process \d+\), and this is what it has written so far/);
  writeFileSync(path('trajectories.jsonl'), `${text('trajectories.jsonl')}${lineOf('c')}\n`);
  expect(() => checkRecords(folder)).toThrow(
    /is still going on \(process \d+\).*Give the command again when it has ended/,
  );
  writeFileSync(path('lock'), `${process.ppid} ${Number(processStart(process.ppid)) + 1}`);
  expect(() => checkRecords(folder), 'of a process that is gone').toThrow(/line 3, is not what the run wrote/);
  rmSync(path('lock'));
});

test('a changed line is told in every file, before the run is complete too, and where the run would go on', () => {
  write(['a', 'b'], false);
  writeFileSync(path('systems.jsonl'), `${lineOf('s', 'other')}\n`);
  expect(() => checkRecords(folder)).toThrow(/systems\.jsonl, line 1, is not what the run wrote/);
  expect(() => openLineHashes(folder)).toThrow(/systems\.jsonl, line 1, is not what the run wrote/);
  // The cure: without that line it is done anew.
  writeFileSync(path('systems.jsonl'), '');
  write(['a', 'b']);
  expect(checkRecords(folder).kind).toBe('sealed');
});

test('hashes changed along with their line do not fit the chain, and a chain changed too has another head', () => {
  write(['a', 'b']);
  const { head } = JSON.parse(text('chain.json')) as { head: string };
  const chain = text('chain.json');
  writeFileSync(path('trajectories.jsonl'), `${lineOf('a')}\n${lineOf('b', 'forged')}\n`);
  rmSync(path('hashes.jsonl'));
  writeFileSync(path('chain.json'), chain);
  expect(() => checkRecords(folder)).toThrow(/are not those of chain\.json/);
  rmSync(path('trajectories.jsonl'));
  rmSync(path('systems.jsonl'));
  const hashes = openLineHashes(folder);
  const file = hashes.of('trajectories.jsonl', openLineFile(path('trajectories.jsonl'), keyOf));
  file.append('a', lineOf('a'));
  file.append('b', lineOf('b', 'forged'));
  hashes.seal();
  file.close();
  hashes.close();
  expect(checkRecords(folder)).not.toEqual({ kind: 'sealed', head });
});

test('an older run is read, goes on without hashes, and is marked', () => {
  appendFileSync(path('trajectories.jsonl'), `${lineOf('a')}\n`);
  const bytes = text('trajectories.jsonl');
  expect(checkRecords(folder)).toEqual({ kind: 'unhashed' });
  expect(chainNote({ kind: 'unhashed' })).toMatch(/an older Toolstone without hashes/);
  write(['b']);
  expect(text('trajectories.jsonl')).toBe(`${bytes}${lineOf('b')}\n`);
  expect(existsSync(path('hashes.jsonl'))).toBe(false);
  expect(checkRecords(folder)).toEqual({ kind: 'unhashed' });
});

test('files of ours that are damaged are told', () => {
  write(['a']);
  const hashes = text('hashes.jsonl');
  writeFileSync(path('hashes.jsonl'), '{}\n');
  expect(() => checkRecords(folder)).toThrow(/hashes\.jsonl, line 1, is no hash of a record/);
  writeFileSync(path('hashes.jsonl'), hashes);
  writeFileSync(path('chain.json'), '{"version":2}');
  expect(() => checkRecords(folder)).toThrow(/is no chain of version 1/);
});
