import { evaluationPhase } from '../phase.ts';
import type { Evaluation, Job } from '../run-types.ts';
import { keyText, type EpisodeKey } from '../trajectory.ts';
import type { Suite, Task } from '../types.ts';
import type { ToolCount } from '../distractor-types.ts';

/** An episode of a plan. */
export interface Planned {
  readonly task: Task;
  readonly key: EpisodeKey;
}

/** The episodes of an evaluation, or of a point of a learning curve: `phase` says which. In the order of the plan. */
export const plannedEpisodes = (
  suite: Suite,
  job: string,
  phase: string,
  { split, tasks, repeats = 1, after = 0 }: Pick<Evaluation, 'split' | 'tasks' | 'repeats' | 'after'>,
): Planned[] =>
  suite
    .tasks(split, after + tasks)
    .slice(after)
    .flatMap((task) =>
      Array.from({ length: repeats }, (_, repetition) => ({
        task,
        key: { job, phase, task: task.id, repetition },
      })),
    );

/** Keys of the episodes that a job is measured on, in the order of the plan. */
export const measuredKeys = (suite: Suite, { name, evaluations }: Job): string[] =>
  evaluations.flatMap((evaluation) =>
    plannedEpisodes(suiteAmong(suite, evaluation.tools), name, evaluationPhase(evaluation), evaluation).map(({ key }) =>
      keyText(key),
    ),
  );

/** The same suite among so many tools, where a job asks for that. */
export function suiteAmong(suite: Suite, count: ToolCount | undefined): Suite {
  if (count === undefined) return suite;
  if (!suite.sizes) throw new Error(`no toolspaces of ${count} tools were made`);
  return suite.sizes.suiteOf(count);
}
