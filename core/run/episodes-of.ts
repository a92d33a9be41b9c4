import type { Job } from '../run-types.ts';

/** Episodes of a job by plan, the two ends of the learning curve included. */
export function episodesOf(job: Job): number {
  const { training } = job;
  const evaluations = job.evaluations.reduce((sum, { tasks, repeats = 1 }) => sum + tasks * repeats, 0);
  if (!training) return evaluations;
  const perUpdate = training.groupSize * training.groupsPerUpdate;
  const updates = Math.ceil(training.episodes / perUpdate);
  const points = 1 + Math.ceil(updates / Math.max(1, Math.round(training.evaluateEvery / perUpdate)));
  return (training.warmStart ?? 0) + updates * perUpdate + points * training.validationTasks + evaluations;
}
