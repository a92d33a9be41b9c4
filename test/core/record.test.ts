import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, property, string, uniqueArray } from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../core/record/checkpoint.ts';
import { lockFolder } from '../../core/record/lock.ts';
import { isProcessAlive, processStart, processStartTime } from '../../core/process-start.ts';
import { writableFolder } from '../../core/record/files.ts';
import { openLineFile, openLineLog } from '../../core/record/line-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'record-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keyOf = (value: unknown) => (value as { key: string }).key;
const line = (key: string, text = '') => JSON.stringify({ key, text });

test('a torn last line is cut off and owed again; a key written before is left as it is', () => {
  const path = join(folder, 'a.jsonl');
  const first = openLineFile(path, keyOf);
  first.append('a', line('a'));
  first.append('b', line('b'));
  first.append('a', line('a', 'again'));
  first.close();
  appendFileSync(path, '{"key":"c","te');
  const second = openLineFile(path, keyOf);
  expect([second.has('a'), second.has('b'), second.has('c'), second.size()]).toEqual([true, true, false, 2]);
  second.append('c', line('c'));
  second.close();
  expect(readFileSync(path, 'utf8')).toBe(`${line('a')}\n${line('b')}\n${line('c')}\n`);
});

test('of a log a torn last line is cut off, each line is checked, and whatever is appended stands there', () => {
  const path = join(folder, 'log.jsonl');
  const first = openLineLog(path);
  first.append(line('a'));
  first.append(line('a'));
  first.close();
  appendFileSync(path, '{"key":"c","te');
  const checked: unknown[] = [];
  const second = openLineLog(path, (value) => checked.push(keyOf(value)));
  second.append(line('c'));
  second.close();
  expect(checked).toEqual(['a', 'a']);
  expect(readFileSync(path, 'utf8')).toBe(`${line('a')}\n${line('a')}\n${line('c')}\n`);
});

test('a broken line before the last is refused with its file, number and cure', () => {
  const path = join(folder, 'a.jsonl');
  writeFileSync(path, `${line('a')}\nnonsense\n${line('b')}\n`);
  expect(() => openLineFile(path, keyOf)).toThrow(/a\.jsonl, line 2, is not a record.*Delete that line/);
});

test('whatever the order of writing, sorting gives the same bytes', () => {
  const keys = uniqueArray(string({ unit: 'grapheme', maxLength: 12 }), { minLength: 1, maxLength: 20 });
  assert(
    property(keys, (list) => {
      const bytes = [list, [...list].reverse()].map((order, index) => {
        const path = join(folder, `${index}.jsonl`);
        rmSync(path, { force: true });
        const file = openLineFile(path, keyOf);
        for (const key of order) file.append(key, line(key));
        file.sort((a, b) => (a < b ? -1 : 1));
        file.close();
        return readFileSync(path, 'utf8');
      });
      expect(bytes[0]).toBe(bytes[1]);
      expect(bytes[0]?.trimEnd().split('\n').length).toBe(list.length);
    }),
    { numRuns: 30 },
  );
});

test('a checkpoint comes back as it was, and a damaged one is refused by name', () => {
  const path = join(folder, 'job.checkpoint');
  const state = new Uint8Array([0, 10, 255, 10, 7]);
  const checkpoint = {
    job: 'j',
    policy: 'pointer',
    update: 3,
    episodes: 96,
    trajectories: ['{"a":1}'],
    learning: [],
    state,
  };
  writeCheckpoint(path, checkpoint);
  expect(readCheckpoint(path)).toEqual(checkpoint);
  const bytes = readFileSync(path);
  bytes[bytes.length - 1] = 8;
  writeFileSync(path, bytes);
  expect(() => readCheckpoint(path)).toThrow(/weights are damaged.*Delete it/);
  writeFileSync(path, 'hello');
  expect(() => readCheckpoint(path)).toThrow(/no Toolstone checkpoint/);
});

test('a lock names its process by id and start, so that another process of that id does not hold it', () => {
  const start = processStart(process.ppid);
  writeFileSync(join(folder, 'lock'), `${process.ppid} ${start}`);
  expect(() => lockFolder(folder)).toThrow(new RegExp(`in use by process ${process.ppid}\\. `));
  writeFileSync(join(folder, 'lock'), `${process.ppid} ${Number(start) + 1}`);
  lockFolder(folder)();
  writeFileSync(join(folder, 'lock'), `${process.ppid} x`);
  expect(() => lockFolder(folder)).toThrow(/is not a lock of Toolstone's/);
  rmSync(join(folder, 'lock'));
  expect([isProcessAlive(process.pid, null), isProcessAlive(process.pid, '1'), isProcessAlive(0, null)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a lock of an older version, its id alone, is not held by a process that began long after it', () => {
  const lock = join(folder, 'lock');
  writeFileSync(lock, `${process.ppid}`);
  expect(() => lockFolder(folder)).toThrow(new RegExp(`in use by process ${process.ppid}\\. `));
  const began = processStartTime(process.ppid) as number;
  const day = 24 * 3_600_000;
  utimesSync(lock, began / 1000, (began - day) / 1000);
  lockFolder(folder)();
  expect(existsSync(lock)).toBe(false);
});

test('a folder in use by a live process is refused, the lock of a dead one is taken over', () => {
  writeFileSync(join(folder, 'lock'), '1');
  expect(() => lockFolder(folder)).toThrow(/in use by process 1.*--out/);
  writeFileSync(join(folder, 'lock'), '999999999');
  const release = lockFolder(folder);
  expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(`${process.pid} ${processStart(process.pid)}`);
  release();
});

test('a folder that cannot be made is answered with cause and cure', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => writableFolder(join(folder, 'file', 'below'))).toThrow(/Cannot write .*ENOTDIR|Cannot write/);
});
