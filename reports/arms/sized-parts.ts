import { armLabel } from '../../core/arm-label.ts';
import { evaluationPhase } from '../../core/phase.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import { armsOf, calledPolicy } from './arms.ts';

/** What a policy played in one way among toolspaces of one size. */
export interface SizedPart {
  /** Of the row. */
  readonly label: string;
  readonly policy: string;
  /** View, and execution where it is not `calls`: `tool`, `tool, programs`. */
  readonly view: string;
  /** As the jobs name the size: a number of tools, or `all`. */
  readonly size: string;
  readonly episodes: readonly Episode[];
}

/** Tools that a task was truly offered at a size; `null` where the run does not tell. */
export type ToolsOffered = (size: string, task: string) => number | null;

/** Arms of the table `growth`, cut by size, in the order of the jobs' plans; equal labels of several runs are pooled. */
export const sizedParts = (runs: readonly Run[]): SizedPart[] =>
  armsOf(runs, 'growth').flatMap(({ label, jobs, episodes }) => {
    const sizes = new Map(
      jobs
        .flatMap(({ evaluations }) => evaluations)
        .flatMap((one) => (one.tools === undefined ? [] : [[evaluationPhase(one), String(one.tools)] as const])),
    );
    const [policy, view] = [
      jobs.map(calledPolicy),
      jobs.map(({ view: shown, execution }) => armLabel(shown, { execution })),
    ].map((all) => [...new Set(all)].join(' + ')) as [string, string];
    return [...sizes].flatMap(([phase, size]) => {
      const played = episodes.filter((episode) => episode.phase === phase);
      return played.length === 0 ? [] : [{ label, policy, view, size, episodes: played }];
    });
  });

/** By what the manifests say of their toolspaces. */
export function toolsOffered(runs: readonly Run[]): ToolsOffered {
  const counts = new Map(
    runs
      .flatMap(({ manifest }) => manifest.sizes ?? [])
      .flatMap(({ asked, sets }) =>
        sets.flatMap(({ tools, tasks = [] }) => tasks.map((task) => [`${asked} ${task}`, tools] as const)),
      ),
  );
  return (size, task) => counts.get(`${size} ${task}`) ?? null;
}
