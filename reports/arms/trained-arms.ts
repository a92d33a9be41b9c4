import { median } from 'simple-statistics';
import { isCurvePoint, phaseParts } from '../../core/phase.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Job, LearningPoint, TableName, Timing } from '../../core/run-types.ts';
import { perSeed, verified } from './readings.ts';

/** What is recorded of one seed's training while it learnt. */
export interface SeedTraining {
  readonly job: Job;
  /** One per update, in order. */
  readonly points: readonly LearningPoint[];
  /** Greedy verifier success on validation tasks, in order of the episodes trained until then. */
  readonly curve: readonly { readonly episodes: number; readonly success: number }[];
  readonly timings: readonly Timing[];
}

/** Trainings of one row of the tables. */
export interface TrainedArm {
  readonly label: string;
  readonly trainings: readonly SeedTraining[];
}

/** Trained arms in the order of the jobs, once each, by the first table that has them; equal labels of runs are pooled. */
export function trainedArms(runs: readonly Run[]): TrainedArm[] {
  const arms = new Map<string, { label: string; trainings: SeedTraining[] }>();
  for (const run of runs) {
    const learning = Map.groupBy(run.learning, ({ job }) => job);
    const timings = Map.groupBy(run.timings, ({ job }) => job);
    const validation = Map.groupBy(
      run.episodes.filter(({ phase }) => isCurvePoint(phase)),
      ({ job }) => job,
    );
    for (const job of run.manifest.jobs) {
      const points = (learning.get(job.name) ?? []).toSorted((a, b) => a.update - b.update);
      if (job.training === null || points.length === 0) continue;
      const curve = [...Map.groupBy(validation.get(job.name) ?? [], ({ phase }) => phase)].flatMap(
        ([phase, episodes]) =>
          perSeed(episodes, verified).map(({ value }) => ({
            episodes: phaseParts(phase).episodes ?? 0,
            success: value,
          })),
      );
      const table = tables.find((name) => job.rows[name] !== undefined);
      const label = (table && job.rows[table]) ?? job.name;
      const key = `${table} ${label}`;
      const arm = arms.get(key) ?? { label, trainings: [] };
      arms.set(key, arm);
      curve.sort((a, b) => a.episodes - b.episodes);
      arm.trainings.push({ job, points, curve, timings: timings.get(job.name) ?? [] });
    }
  }
  return [...arms.values()];
}

const tables: readonly TableName[] = ['rewards', 'algorithms', 'views', 'trials', 'growth'];

/** Episodes trained when validation success was first as high; `Infinity` where it never was. */
export const episodesTo = ({ curve }: SeedTraining, threshold: number): number =>
  curve.find(({ success }) => success >= threshold)?.episodes ?? Infinity;

/** Median in which one that never gets there is later than any; `null` where that makes the median endless. */
export function medianReached(values: readonly number[]): number | null {
  const middle = median([...values]);
  return Number.isFinite(middle) ? middle : null;
}
