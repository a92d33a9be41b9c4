import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { eachMember, entryOf, lineOf, memberOf } from '../../core/wire/members.ts';
import { openRecorder } from '../../core/wire/recorder.ts';
import { expectSame } from '../../core/wire/header.ts';
import { openRecording, recordingName } from '../../core/wire/recording.ts';
import type { RecordingHeader } from '../../core/wire/wire-types.ts';
import { temporaryFolder } from '../cli/toolstone.ts';

const entries = fc.array(
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify({ text })),
  { minLength: 1, maxLength: 5 },
);
const packed = (all: readonly string[]) => Buffer.concat(all.map((entry) => memberOf(lineOf(entry))));

/** The entries that a scan reads, `null` for one that is not as it was written, and how it ended. */
function scanned(bytes: Buffer) {
  const read: (string | null)[] = [];
  const scan = eachMember(bytes, (text) => read.push(entryOf(text.slice(0, -1))));
  return { read, ...scan };
}

describe('members', () => {
  test('are read as they were written', () => {
    fc.assert(
      fc.property(entries, (all) => {
        const bytes = packed(all);
        expect(scanned(bytes)).toEqual({ read: all, end: bytes.length });
      }),
    );
  });

  test('whose end is missing are read up to it', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (all, cut) => {
        const bytes = packed(all);
        const { read, end, fault } = scanned(bytes.subarray(0, cut % bytes.length));
        expect(read).toEqual(all.slice(0, read.length));
        expect(end).toBe(packed(all.slice(0, read.length)).length);
        expect(fault).toBe(end === cut % bytes.length ? undefined : 'torn');
      }),
    );
  });

  test('of which a byte was changed never give another entry', () => {
    fc.assert(
      fc.property(entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (all, at, by) => {
        const bytes = packed(all);
        const place = at % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ by;
        const { read, fault } = scanned(bytes);
        for (const [index, entry] of read.entries()) expect([all[index], null]).toContain(entry);
        expect(fault !== undefined || read.length === all.length).toBe(true);
      }),
    );
  });
});

/** Whatever stands in a line: what is no header or episode is told with its number, and never thrown as something else. */
test('a recording of any lines is read, or refused with the line', () => {
  const folder = temporaryFolder();
  const path = join(folder, recordingName);
  const episodes = fc.array(
    fc.oneof(
      fc.json(),
      fc.record({ episode: fc.string(), exchanges: fc.json() }).map((one) => JSON.stringify(one)),
    ),
  );
  fc.assert(
    fc.property(episodes, fc.boolean(), (lines, hasHeader) => {
      const all = hasHeader ? [JSON.stringify(header), ...lines] : lines;
      writeFileSync(path, packed(all));
      try {
        expect(openRecording(folder).header).toEqual(header);
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError);
        expect(String(error)).toMatch(/, line \d+, |is a recording of version|in line \d+: the command/);
      }
    }),
    { numRuns: 60 },
  );
});

const server = { package: 'notes@1.0.0', tools: 1, schemaHash: 'a' };
const header: RecordingHeader = {
  version: 1,
  kind: 'episodes',
  toolstone: { version: '0.1.0', source: 'modules:a' },
  node: '24.0.0',
  suite: 'basic',
  servers: { notes: server },
  models: { 'ollama:tiny': { endpoint: 'http://127.0.0.1:11434', build: 'aa' } },
  lists: {},
};

describe('a recording is refused for a run', () => {
  test.each<[string, Partial<RecordingHeader>, string]>([
    ['of another suite', { suite: 'ladder' }, 'it is of the suite basic, not of ladder'],
    ['of a judge', { kind: 'questions' }, 'it is of a run, not of a judge or a writer of rubrics'],
    [
      'of a server whose state other code reads',
      { servers: { notes: { ...server, code: 'b' } } },
      'its server notes was started and its state read by other code (Toolstone 0.1.0)',
    ],
    ['of another build of a model', { models: { 'ollama:tiny': { build: 'bb' } } }, 'is the build aa, not bb'],
    [
      'of another server',
      { servers: { files: server } },
      'it knows nothing of the server files; it has a server notes',
    ],
    [
      'of another version of a server',
      { servers: { notes: { ...server, package: 'notes@2.0.0' } } },
      'its server notes is notes@1.0.0, not notes@2.0.0',
    ],
    [
      'of a server with other tools',
      { servers: { notes: { ...server, schemaHash: 'b' } } },
      'its server notes offered other tools',
    ],
  ])('%s', (_, change, why) => {
    expect(() => expectSame('rec', header, { ...header, ...change }, { cure: 'Record anew.' })).toThrow(why);
    expect(() => expectSame('rec', header, { ...header, ...change }, { cure: 'Record anew.' })).toThrow(
      /Record anew\.$/,
    );
  });
});

test('other code is no difference, nor is a model that a strict replay does not ask; one that only it lacks is', () => {
  const other = { ...header, toolstone: { version: '0.2.0', source: 'modules:b' }, node: '26.0.0' };
  expect(() => expectSame('rec', header, { ...other, models: {} }, { cure: '', isStrict: true })).not.toThrow();
  const further = { ...header, models: { 'openai:other': {} } };
  expect(() => expectSame('rec', header, further, { cure: '' })).not.toThrow();
  expect(() => expectSame('rec', header, further, { cure: '', isStrict: true })).toThrow(
    'it knows nothing of the model openai:other',
  );
});

const entry = (episode: string, answer: number) =>
  JSON.stringify({ episode, exchanges: [{ key: `${episode}-key`, connection: 'world', answer }] });

test('an episode that was played again replaces the earlier one, and the order of writing is forgotten', () => {
  const folder = temporaryFolder();
  const recorder = openRecorder(folder, header);
  recorder.keep('b', entry('b', 1));
  recorder.keep('a', entry('a', 2));
  recorder.keep('b', entry('b', 3));
  recorder.sort((a, b) => (a < b ? -1 : 1));
  recorder.close();
  expect(openRecording(folder).exchangesOf('b').get('b-key')).toMatchObject({ answer: 3 });
  expect(openRecording(folder).find('a-key')).toMatchObject({ answer: 2 });
  writeFileSync(join(folder, recordingName), 'no gzip');
  expect(() => openRecording(folder)).toThrow(/line 1, cannot be unpacked/);
});
