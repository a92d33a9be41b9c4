import { evaluationPhase, phaseParts, trainPhase } from '../phase.ts';
import type { Job } from '../run-types.ts';
import { keyIn } from '../trajectory.ts';

/** Plan order of keys: job, then training, learning curve, evaluations, then task and repetition. */
export function planOrder(jobs: readonly Job[]): (a: string, b: string) => number {
  const jobIndex = new Map(jobs.map((job, index) => [job.name, index]));
  const rank = (key: string) => {
    const { job, phase, task, repetition } = keyIn(key);
    const evaluations = jobs[jobIndex.get(job) ?? 0]?.evaluations ?? [];
    const { name, episodes } = phaseParts(phase);
    const evaluation = evaluations.findIndex((one) => evaluationPhase(one) === name);
    const place = name === trainPhase ? 0 : episodes === null ? 2 + evaluation : 1;
    return [jobIndex.get(job) ?? 0, place, episodes ?? 0, task, repetition] as const;
  };
  return (a, b) => {
    const [left, right] = [rank(a), rank(b)];
    for (let i = 0; i < left.length; i++) {
      const [x, y] = [left[i] as number | string, right[i] as number | string];
      if (x !== y) return x < y ? -1 : 1;
    }
    return 0;
  };
}
