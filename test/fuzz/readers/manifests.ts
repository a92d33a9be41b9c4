import { openRunFolder } from '../../../core/record/run-folder.ts';
import { readManifest } from '../../../core/record/read-run.ts';
import type { Manifest } from '../../../core/run-types.ts';
import writeReport from '../../../reports/write-report.ts';
import type { Input, Reader } from '../reader.ts';
import { recordedRun } from '../runs.ts';

const { unhashed } = recordedRun();
const manifest = JSON.parse(unhashed['manifest.json']?.text ?? '{}') as Manifest;
const input: Input = Object.fromEntries(
  Object.entries(unhashed).map(([path, one]) => [path, { ...one, isFixed: path !== 'manifest.json' }]),
);

/** What a run's folder says of the run: read, reported with its episodes, and gone on with by the same and by a grown run. */
export default {
  share: 0.7,
  inputs: [input],
  read: (_, folder) => {
    const grown = {
      ...manifest,
      command: 'run',
      jobs: [...manifest.jobs, { ...(manifest.jobs[0] as object), name: 'more' }],
    };
    const refusals: unknown[] = [];
    for (const ours of [manifest, grown as Manifest]) {
      try {
        openRunFolder({
          manifest: ours,
          base: folder,
          out: folder,
          isFresh: false,
          sourceOf: () => 'modules:a',
        }).release();
      } catch (error) {
        refusals.push(error);
      }
    }
    readManifest(folder);
    writeReport(folder, { attacks: [] });
    const fault = refusals.find((error) => !(error instanceof Error && error.name === 'UsageError'));
    if (fault !== undefined) throw fault;
  },
} satisfies Reader;
