import pairedDifference from '../../../core/statistics/paired.ts';
import type { Estimate } from '../../../core/statistics/estimate.ts';
import type { TaskRecord } from './record.ts';

/** Passed so often of so many times played, void ones left out. */
export interface Count {
  readonly passed: number;
  readonly played: number;
}

/**
 * What became of a task: it passed each time and now never (`regressed`), never and now each time (`mended`), each time then
 * and now (`steady`), never then and now (`failing`), or sometimes (`flaky`). `void`: no episode of it counts, then or now.
 */
export type OutcomeKind = 'regressed' | 'void' | 'flaky' | 'mended' | 'failing' | 'steady';

export interface TaskOutcome {
  readonly id: string;
  readonly kind: OutcomeKind;
  readonly before: Count;
  readonly now: Count;
}

/** Each task that both sides have. */
export function outcomesOf(before: readonly TaskRecord[], now: readonly TaskRecord[]): TaskOutcome[] {
  const earlier = new Map(before.map((task) => [task.id, countOf(task)]));
  return now.flatMap((task) => {
    const then = earlier.get(task.id);
    const today = countOf(task);
    return then === undefined ? [] : [{ id: task.id, kind: kindOf(then, today), before: then, now: today }];
  });
}

export function countOf({ passed }: Pick<TaskRecord, 'passed'>): Count {
  const valid = passed.filter((one) => one !== null);
  return { passed: valid.filter(Boolean).length, played: valid.length };
}

export function kindOf(before: Count, now: Count): OutcomeKind {
  if (before.played === 0 || now.played === 0) return 'void';
  const [then, today] = [wholly(before), wholly(now)];
  if (then === null || today === null) return 'flaky';
  if (then === today) return then ? 'steady' : 'failing';
  return then ? 'regressed' : 'mended';
}

/** Each time, never, or `null`: between. */
const wholly = ({ passed, played }: Count): boolean | null => (passed === played ? true : passed === 0 ? false : null);

/** Fewer tasks say too little of a mean: each is then judged by itself alone. */
export const fewestTasks = 5;

/** Difference of the mean over tasks, now less then: paired by task, 95 %; `null` where no task was played on both sides. */
export function meanDifference(
  outcomes: readonly Pick<TaskOutcome, 'id' | 'before' | 'now'>[],
  resamples = 2000,
): Estimate | null {
  const valid = outcomes.filter(({ before, now }) => before.played > 0 && now.played > 0);
  const side = (which: 'before' | 'now') =>
    valid.map((one) => ({ task: one.id, seed: 0, value: one[which].passed / one[which].played }));
  return pairedDifference(side('before'), side('now'), { resamples }).difference;
}

/** The mean fell, and chance does not explain it. */
export const isLoss = (difference: Estimate | null): boolean =>
  difference !== null && difference.tasks >= fewestTasks && difference.high !== null && difference.high < 0;
