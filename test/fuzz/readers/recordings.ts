import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Incomparable } from '../../../core/errors.ts';
import { expectSame, recordingVersion } from '../../../core/wire/header.ts';
import { lineOf, memberOf } from '../../../core/wire/members.ts';
import { openRecorder } from '../../../core/wire/recorder.ts';
import { openRecording, recordingName } from '../../../core/wire/recording.ts';
import type { RecordedEpisode, RecordingHeader } from '../../../core/wire/wire-types.ts';
import type { Reader } from '../reader.ts';

const tool = { server: 'notes', name: 'read', description: 'Reads.', inputSchema: { type: 'object' } };
const header: RecordingHeader = {
  version: recordingVersion,
  kind: 'episodes',
  toolstone: { version: '0.1.0', source: 'modules:aa' },
  node: '24.0.0',
  suite: 'basic',
  servers: { notes: { package: 'notes@1.0.0', tools: 1, schemaHash: 'aa', code: 'bb' } },
  models: { 'ollama:tiny': { endpoint: 'http://127.0.0.1:11434', build: 'cc' } },
  confinement: { level: 'arguments' } as never,
  lists: { notes: { tools: [tool], quarantined: [] } },
};
const episodes: readonly RecordedEpisode[] = [
  {
    episode: 'oracle-tool/seed-1 test a 0',
    exchanges: [
      { key: 'k1', connection: 'world', answer: { startHash: 'dd' } },
      { key: 'k2', connection: 'server notes', failure: { name: 'WorldFailure', message: 'it died' } },
    ],
  },
  { episode: 'oracle-tool/seed-1 test b 0', exchanges: [] },
];
const entries = [header, ...episodes].map((entry) => JSON.stringify(entry));
const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Lines of a recording, each with a hash that fits whatever was done to it, or with that of the valid one. */
export default {
  share: 3,
  inputs: [
    { 'entries.jsonl': { form: 'lines', text: text(entries) } },
    { 'lines.jsonl': { form: 'lines', text: text(entries.map(lineOf)) } },
  ],
  isRefusal: (error) => error instanceof Incomparable,
  read: (files) => {
    const folder = mkdtempSync(join(tmpdir(), 'toolstone-fuzz-wire-'));
    try {
      const [[name = '', bytes = Buffer.alloc(0)] = []] = files;
      const lines = bytes
        .toString()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (name === 'entries.jsonl' ? lineOf(line) : line));
      writeFileSync(join(folder, recordingName), Buffer.concat(lines.map(memberOf)));
      readWhole(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
} satisfies Reader;

/** Whatever can be read can be gone on with, and is then the same. */
function readWhole(folder: string): void {
  const { header: read } = openRecording(folder);
  expectSame(folder, read, header, { cure: 'Record again.', isStrict: true });
  const before = contentOf(folder);
  const recorder = openRecorder(folder, read);
  recorder.keep('further', JSON.stringify({ episode: 'further', exchanges: [] }));
  recorder.sort((a, b) => Number(a > b) - Number(a < b));
  recorder.close();
  const bytes = readFileSync(join(folder, recordingName));
  if (bytes.length === 0) throw new Error('a recording that went on is empty');
  if (contentOf(folder) !== before) throw new Error('a recording that went on answers otherwise');
}

function contentOf(folder: string): string {
  const recording = openRecording(folder);
  return JSON.stringify(episodes.map(({ episode }) => [...recording.exchangesOf(episode)]));
}
