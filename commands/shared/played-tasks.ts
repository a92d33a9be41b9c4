import type { ToolCount } from '../../core/distractor-types.ts';
import type { Job } from '../../core/run-types.ts';
import type { Split, Suite, Task } from '../../core/types.ts';

/** Tasks of a split that a job plays among so many tools; absent: those of the run. */
export interface Played {
  readonly split: Split;
  readonly count: number;
  readonly families?: readonly string[] | undefined;
  readonly tools?: ToolCount | undefined;
  /** They are no part of a training. */
  readonly isMeasured: boolean;
}

/** What a job plays, in training or measured. */
export function playedBy({ training, evaluations }: Job): readonly Played[] {
  const measured = evaluations.map(({ split, after = 0, tasks, tools }) => ({
    split,
    count: after + tasks,
    tools,
    isMeasured: true,
  }));
  if (training === null) return measured;
  const { families, warmStart = 0, episodes, groupSize, validationTasks, tools } = training;
  const most = Math.max(warmStart, Math.ceil(episodes / groupSize));
  return [
    { split: 'train', count: most, families, tools, isMeasured: false },
    { split: 'validation', count: validationTasks, tools, isMeasured: false },
    ...measured,
  ];
}

/** Tasks that a job plays, in training or measured, among the tools that they are played among where those are made. */
export const tasksOfJob = (suite: Suite, job: Job): readonly Task[] =>
  playedBy(job).flatMap(({ split, count, families, tools }) => {
    const sized = tools === undefined ? suite : (suite.sizes?.suiteOf(tools) ?? suite);
    return sized.tasks(split, count, families);
  });
