import { evaluate, type JobTools } from './episode.ts';
import { evaluationPhase } from '../phase.ts';
import type { Job } from '../run-types.ts';
import type { ToolCount } from '../distractor-types.ts';
import { suiteAmong } from './planned.ts';
import { train } from './train.ts';

/** Runs one job to its end: training with its learning curve where it has one, then the evaluations of its plan. */
export async function runJob(job: Job, tools: JobTools): Promise<void> {
  if (job.training) await train(job, job.training, among(tools, job.training.tools));
  const version = tools.learner?.version() ?? 0;
  for (const evaluation of job.evaluations) {
    const { split, after, tasks, repeats } = evaluation;
    const sized = among(tools, evaluation.tools);
    await evaluate(job, evaluationPhase(evaluation), split, tasks, version, sized, { after, repeats });
  }
}

/** The same with the suite among so many tools. */
const among = (tools: JobTools, count: ToolCount | undefined): JobTools =>
  count === undefined ? tools : { ...tools, suite: suiteAmong(tools.suite, count) };
