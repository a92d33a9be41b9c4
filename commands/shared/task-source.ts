import { UsageError } from '../../core/errors.ts';
import type { TaskFileSource, TaskSource } from '../../suites/tasks/suite-list.ts';

/** What a user says of the tasks, by `--suite`, `--tasks` and `--task`. */
export interface TaskFlags {
  readonly suite: string;
  readonly tasks?: string | undefined;
  readonly task?: readonly string[] | undefined;
}

/** Where a command has its tasks from; own ones divided into splits where it learns or is asked for one. Throws `UsageError`. */
export const taskSource = (
  { suite, ...flags }: TaskFlags,
  { isDivided }: { readonly isDivided: boolean },
): TaskSource => taskFileOf(flags, { isDivided }) ?? suite;

/** The tasks of one's own that were named; undefined where there are none. Throws `UsageError`. */
export function taskFileOf(
  { tasks: file, task: only }: Omit<TaskFlags, 'suite'>,
  { isDivided }: { readonly isDivided: boolean } = { isDivided: false },
): TaskFileSource | undefined {
  if (file !== undefined) return { file, ...(only ? { only } : {}), ...(isDivided ? { isDivided } : {}) };
  if (only === undefined) return undefined;
  throw new UsageError('--task chooses among tasks of your own: name their file with --tasks.');
}
