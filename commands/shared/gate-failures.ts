import type { Run } from '../../core/record/read-run.ts';
import { openTrajectories } from '../../core/record/run-files.ts';
import type { Job } from '../../core/run-types.ts';
import type { Task } from '../../core/types.ts';
import { firstReason } from '../../judges/truth/reasons.ts';

/**
 * Task → why the first of its episodes that did not pass did not: the check that failed and what was found instead, or what broke.
 * It stands in no reference, since a policy's own words may be in it.
 */
export function firstFailures(run: Run, jobs: readonly Job[], tasks: readonly Task[]): ReadonlyMap<string, string> {
  const names = new Set(jobs.map(({ name }) => name));
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const failures = new Map<string, string>();
  const stored = openTrajectories(run.folder);
  try {
    for (const { job, task: id, success, place } of run.episodes) {
      const task = byId.get(id);
      if (!names.has(job) || !task || success?.verified === true || failures.has(id)) continue;
      const reason = firstReason(task, stored.at(place));
      if (reason !== null) failures.set(id, reason);
    }
  } finally {
    stored.close();
  }
  return failures;
}
