import { conduct } from '../../../core/run/conduct.ts';
import { sftRows } from '../../../finetune/export/sft-rows.ts';
import writeReport from '../../../reports/write-report.ts';
import type { Input, Reader } from '../reader.ts';
import { recordedRun } from '../runs.ts';

/** What is mutated of a run's folder; the rest stands still. */
const withOpen = (files: Input, ...open: readonly string[]): Input =>
  Object.fromEntries(Object.entries(files).map(([path, one]) => [path, { ...one, isFixed: !open.includes(path) }]));

const { unhashed, hashed } = recordedRun();
const records = ['trajectories.jsonl', 'learning.jsonl', 'timings.jsonl', 'systems.jsonl'];

/** A run's records: reported with tables and page, exported, gone on with. */
export default {
  share: 0.5,
  inputs: [
    withOpen(unhashed, ...records),
    withOpen(unhashed, ...records),
    withOpen(hashed, ...records, 'hashes.jsonl', 'chain.json'),
  ],
  read: async (files, folder) => {
    writeReport(folder, { attacks: [] });
    sftRows({ run: folder, reward: 'sparse', offered: () => [] });
    const { jobs } = JSON.parse(files.get('manifest.json')?.toString() ?? '{}') as { jobs: [] };
    await conduct({
      folder,
      jobs,
      crew: { width: 1, startWorker: () => ({ run: async () => undefined, stop: async () => undefined }) },
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
  },
} satisfies Reader;
