import { join } from 'node:path';
import { keyText, type Trajectory } from '../../core/trajectory.ts';
import { writeWhole } from '../../core/record/files.ts';
import type { HashedFile } from '../../core/record/chain.ts';
import { openLineFile } from '../../core/record/line-file.ts';
import { openLineHashes } from '../../core/record/line-hashes.ts';
import { openRunFolder } from '../../core/record/run-folder.ts';
import type { Job, Manifest } from '../../core/run-types.ts';
import type { Split, Suite, WorldPool } from '../../core/types.ts';
import { defectsIn, defectsNamed, type PlantedExecution } from './defect-list.ts';
import { choosePlantings, plant, plantedJobs, type Planted } from './plant.ts';

export interface PlantedRunOptions {
  readonly suite: Suite;
  readonly split: Split;
  /** Number of tasks. */
  readonly tasks: number;
  /** Defects per task; by default every one that fits. */
  readonly perTask?: number | undefined;
  /** Kinds to plant; by default all that sit in what `execution` says, by default in single calls. */
  readonly kinds?: readonly string[] | undefined;
  readonly execution?: PlantedExecution | undefined;
  readonly seed: number;
  readonly pool: WorldPool;
  readonly lanes: number;
  readonly signal: AbortSignal;
  /** Makes the run's manifest from its jobs. */
  readonly manifestOf: (jobs: readonly Job[]) => Manifest;
  readonly base: string;
  readonly out: string | undefined;
  readonly isFresh: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** What came of one kind. `labelled` + `dropped` + `voided` = `planted`. */
export interface KindCounts {
  readonly planted: number;
  readonly labelled: number;
  /** The kind's statement is not what came of it: recorded, but without a label. */
  readonly dropped: number;
  readonly voided: number;
  /** Labels, those of broken criteria among them, and criteria left open on labelled trajectories. */
  readonly labels: number;
  readonly broken: number;
  readonly open: number;
  /** How statement and outcome differed, with counts. */
  readonly differing: Readonly<Record<string, number>>;
}

export interface PlantedRun {
  readonly folder: string;
  readonly isResumed: boolean;
  readonly passedOver: readonly string[];
  readonly counts: Readonly<Record<string, KindCounts>>;
}

/**
 * Plants defects into a suite's tasks on real servers and writes an ordinary run folder with two files more: `labels.jsonl`,
 * in the form of `judges/calibration/labels.schema.json`, open slots too, and `planting.json` with the counts. Equal options give equal bytes, in any
 * number of lanes. A folder that holds part of this run is gone on with. Throws `UsageError`.
 */
export async function writePlantedRun(options: PlantedRunOptions): Promise<PlantedRun> {
  const { split, seed } = options;
  const { kinds, execution = 'calls' } = options;
  const defects = await (kinds ? defectsNamed(kinds) : defectsIn(execution));
  const plantings = choosePlantings({ ...options, defects });
  const jobs = plantedJobs(plantings, split, seed);
  const run = openRunFolder({ ...options, manifest: options.manifestOf(jobs) });
  const hashes = openLineHashes(run.path);
  const open = (name: HashedFile, keyOf: (value: unknown) => string) =>
    hashes.of(name, openLineFile(join(run.path, name), keyOf));
  const trajectories = open('trajectories.jsonl', (value) => keyText((value as Trajectory).key));
  const systems = open('systems.jsonl', (value) => (value as { hash: string }).hash);
  try {
    const places = new Map<string, number>();
    const labels: string[][] = [];
    const outcomes: Planted[] = [];
    let done = 0;
    await plant(plantings, options, (planted, index) => {
      const { trajectory, system } = planted;
      const key = keyText(trajectory.key);
      places.set(key, index);
      systems.append(trajectory.system, JSON.stringify({ hash: trajectory.system, text: system }));
      trajectories.append(key, JSON.stringify(trajectory));
      labels[index] = [...planted.labels, ...planted.open].map((label) => JSON.stringify(label));
      outcomes[index] = planted;
      options.onProgress?.(++done, plantings.length);
    });
    const placeOf = (key: string) => places.get(key) ?? Infinity;
    trajectories.sort((a, b) => placeOf(a) - placeOf(b));
    systems.sort((a, b) => (a < b ? -1 : 1));
    hashes.seal();
    const counts = countsOf(outcomes);
    writeWhole(join(run.path, 'labels.jsonl'), `${labels.flat().join('\n')}\n`);
    writeWhole(join(run.path, 'planting.json'), `${JSON.stringify(counts, null, 2)}\n`);
    return { folder: run.path, isResumed: run.isResumed, passedOver: run.passedOver, counts };
  } finally {
    trajectories.close();
    systems.close();
    hashes.close();
    run.release();
  }
}

/** Per kind, in the order of names. */
export function countsOf(outcomes: readonly Planted[]): Record<string, KindCounts> {
  const byKind = [...Map.groupBy(outcomes, ({ defect }) => defect.name)].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    byKind.map(([kind, kindOutcomes]) => {
      const voided = kindOutcomes.filter(({ trajectory }) => trajectory.success === null).length;
      const dropped = kindOutcomes.filter(({ differing }) => differing.length > 0).length;
      const labels = kindOutcomes.flatMap((outcome) => outcome.labels);
      const differing: Record<string, number> = {};
      for (const difference of kindOutcomes.flatMap((planted) => planted.differing).sort())
        differing[difference] = (differing[difference] ?? 0) + 1;
      return [
        kind,
        {
          planted: kindOutcomes.length,
          labelled: kindOutcomes.length - dropped - voided,
          dropped,
          voided,
          labels: labels.length,
          broken: labels.filter(({ label }) => label === 0).length,
          open: kindOutcomes
            .filter((outcome) => outcome.labels.length > 0)
            .reduce((sum, outcome) => sum + outcome.open.length, 0),
          differing,
        },
      ];
    }),
  );
}
