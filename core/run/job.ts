import { evaluate, type JobTools } from './episode.ts';
import type { Job } from '../run-types.ts';
import { train } from './train.ts';

/** Runs one job to its end: training with its learning curve where it has one, then the evaluations of its plan. */
export async function runJob(job: Job, tools: JobTools): Promise<void> {
  if (job.training) await train(job, job.training, tools);
  const version = tools.learner?.version() ?? 0;
  for (const { split, after, tasks, repeats } of job.evaluations)
    await evaluate(job, split, split, tasks, version, tools, { after, repeats });
}
