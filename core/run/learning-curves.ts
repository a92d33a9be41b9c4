import { isCurvePoint } from '../phase.ts';
import type { Job } from '../run-types.ts';
import type { EpisodeKey, ScoredTrajectory } from '../trajectory.ts';

const bars = '▁▂▃▄▅▆▇█';

export type LearningCurves = ReturnType<typeof learningCurves>;

/** Learning curves of running trainings for the terminal: a bar for each whole point of greedy success on validation tasks. */
export function learningCurves(jobs: readonly Job[]) {
  const tasksOf = new Map(jobs.map(({ name, training }) => [name, training?.validationTasks]));
  const curves = new Map<string, Map<string, { solved: number; tasks: number }>>();
  return {
    /** Takes an episode's line as it is written; those of other phases are no points. */
    add: ({ key, line }: { readonly key: EpisodeKey; readonly line: string }): void => {
      if (!isCurvePoint(key.phase)) return;
      const curve = curves.get(key.job) ?? new Map<string, { solved: number; tasks: number }>();
      curves.set(key.job, curve);
      const point = curve.get(key.phase) ?? { solved: 0, tasks: 0 };
      curve.set(key.phase, point);
      point.tasks += 1;
      if ((JSON.parse(line) as ScoredTrajectory).success?.verified) point.solved += 1;
    },
    /** e.g. `▁▃▆ 0.71`; empty before the first is whole. */
    of: (job: string): string => {
      const points = [...(curves.get(job)?.values() ?? [])].filter(({ tasks }) => tasks === tasksOf.get(job));
      const shares = points.map(({ solved, tasks }) => solved / tasks);
      const last = shares.at(-1);
      if (last === undefined) return '';
      const drawn = shares.map((share) => bars[Math.min(bars.length - 1, Math.floor(share * bars.length))]);
      return `${drawn.join('')} ${last.toFixed(2)}`;
    },
  };
}
