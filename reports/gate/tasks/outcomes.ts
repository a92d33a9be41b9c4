import type { Block } from '../../../core/block.ts';
import { clusteredMean } from '../../../core/statistics/clustered.ts';
import { studentQuantile } from '../../../core/statistics/student.ts';
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
  /** The first check that failed now and what was found, or what broke; absent where nothing failed. */
  readonly why?: string;
}

/** Each task that both sides have. `failures`: task → why it did not pass now; `blocks`: task → why it was not played. */
export function outcomesOf(
  before: readonly TaskRecord[],
  now: readonly TaskRecord[],
  failures: ReadonlyMap<string, string> = new Map(),
  blocks: ReadonlyMap<string, Block> = new Map(),
): TaskOutcome[] {
  const earlier = new Map(before.map((task) => [task.id, countOf(task)]));
  return now.flatMap((task) => {
    const then = earlier.get(task.id);
    const today = countOf(task);
    const block = blocks.get(task.id);
    const why = block?.why ?? failures.get(task.id);
    if (then === undefined) return [];
    const kind = block ? blockedKind(then, block) : kindOf(then, today);
    return [{ id: task.id, kind, before: then, now: today, ...(why === undefined ? {} : { why }) }];
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

const blockedKind = ({ passed, played }: Count, { what }: Block): OutcomeKind =>
  what === 'server' || played === 0 ? 'void' : passed > 0 ? 'regressed' : 'failing';

/** Each time, never, or `null`: between. */
const wholly = ({ passed, played }: Count): boolean | null => (passed === played ? true : passed === 0 ? false : null);

/** Fewer tasks say too little of a mean: each is then judged by itself alone. */
export const fewestTasks = 5;

/** A mean over tasks of the difference, now less then. `low` and `high` are its 95 % interval; `null` for fewer than five tasks. */
export interface MeanDifference {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly tasks: number;
}

/**
 * Difference of the mean over tasks, each task's share now less its share then, so that what makes a task hard cancels; the
 * variance is the tasks' (Miller 2024, arXiv:2411.00640, §4), the interval Student's, since a bootstrap over few tasks is too
 * short. `null` where no task was played on both sides.
 */
export function meanDifference(outcomes: readonly Pick<TaskOutcome, 'id' | 'before' | 'now'>[]): MeanDifference | null {
  const valid = outcomes.filter(({ before, now }) => before.played > 0 && now.played > 0);
  if (valid.length === 0) return null;
  const items = valid.map(({ id, before, now }) => ({ task: id, value: shareOf(now) - shareOf(before) }));
  const { mean, variance, tasks } = clusteredMean(items, ({ value }) => value);
  if (tasks < fewestTasks) return { value: mean, low: null, high: null, tasks };
  const reach = studentQuantile(tasks - 1) * Math.sqrt(variance);
  return { value: mean, low: mean - reach, high: mean + reach, tasks };
}

const shareOf = ({ passed, played }: Count): number => passed / played;

/** The mean fell, and chance does not explain it. */
export const isLoss = (difference: MeanDifference | null): boolean =>
  difference !== null && difference.high !== null && difference.high < 0;
