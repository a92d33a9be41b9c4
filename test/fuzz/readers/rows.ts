import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { trainingJob } from '../../../commands/shared/jobs.ts';
import { withTunedSettings } from '../../../commands/shared/tuned-settings.ts';
import readRun from '../../../core/record/read-run.ts';
import { learnerOf } from '../../../reports/arms/trials.ts';
import { renderRecord, writeRecord } from '../../../reports/write-record.ts';
import { lay, type Input, type Reader } from '../reader.ts';
import { recordedRun } from '../runs.ts';

/** The rows of a small run, as they are before they are compressed. */
function rowsOfRun(): Input {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-fuzz-rows-'));
  lay(folder, new Map(Object.entries(recordedRun().hashed).map(([path, { text }]) => [path, Buffer.from(text)])));
  const run = readRun(folder);
  writeRecord(folder, run);
  const texts = (
    [
      ['episodes.csv.gz', 'text'],
      ['learning.jsonl.gz', 'lines'],
      ['timings.jsonl.gz', 'lines'],
    ] as const
  ).map(([name, form]) => [name, { form, text: gunzipSync(readFileSync(join(folder, name))).toString() }] as const);
  const plain = (['manifest.json', 'rows.json'] as const).map(
    (name) =>
      [
        name,
        { form: 'json', text: readFileSync(join(folder, name), 'utf8'), isFixed: name === 'manifest.json' },
      ] as const,
  );
  rmSync(folder, { recursive: true });
  return Object.fromEntries([...texts, ...plain]);
}

const job = trainingJob({
  algorithm: 'grpo',
  reward: 'sparse',
  view: 'tool',
  seed: 1,
  episodes: 32,
  rows: { rewards: 'a' },
  evaluations: [],
});
const settings = {
  version: 1,
  learners: { [learnerOf(job)]: { learningRate: 0.003, entropyBonus: 'none', rows: ['a'] } },
};

/** What is committed of an experiment: rows, of which tables and page are made, and the settings that trials chose. */
export default {
  share: 0.5,
  inputs: [rowsOfRun(), { 'tuning/settings.json': { form: 'json', text: JSON.stringify(settings) } }],
  read: async (files, folder) => {
    if (files.has('tuning/settings.json')) {
      await withTunedSettings('rewards', [job], folder);
      return;
    }
    for (const [name, bytes] of files) if (name.endsWith('.gz')) writeFileSync(join(folder, name), gzipSync(bytes));
    renderRecord(folder, []);
  },
} satisfies Reader;
