import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { messageOf, UsageError } from '../../../core/errors.ts';
import { writableFolder, writeWhole } from '../../../core/record/files.ts';
import { shapeFault } from '../../../core/record/shape.ts';
import { shortName, type TasksRecord } from './record.ts';

/** `reference.json` beside a task file: what its gate compares with. */
export interface TasksReference extends TasksRecord {
  readonly kind: 'own-tasks';
  readonly version: 1;
  /** Why it was accepted. */
  readonly reason: string;
}

/** Folder of the reference, unless the user names another. */
export const referenceFolder = (taskFile: string): string => join(dirname(taskFile), 'toolstone-reference');

const fileName = 'reference.json';

/** Writes a reference so that a change reads well in a diff. Returns the path. Throws `UsageError` without a reason. */
export function writeTasksReference(folder: string, record: TasksRecord, reason: string): string {
  if (reason.trim() === '') throw withoutReason();
  writableFolder(folder);
  const path = join(folder, fileName);
  const reference: TasksReference = { kind: 'own-tasks', version: 1, reason: reason.trim(), ...record };
  writeWhole(path, `${spread(reference)}\n`);
  return path;
}

export const withoutReason = (): UsageError =>
  new UsageError('A new reference needs a reason, for example --accept "notes server 2.1".');

const deepestSpread = 3;

/** JSON in which a tool is one line, and so is whatever holds no other lists or objects. */
function spread(value: object, depth = 0): string {
  const entries = Object.entries(value) as [string, unknown][];
  const isPlain = entries.every(([, one]) => typeof one !== 'object' || one === null);
  if (depth > deepestSpread || (isPlain && depth > 1)) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const lines = entries.map(([key, one]) => {
    const text = typeof one === 'object' && one !== null ? spread(one, depth + 1) : JSON.stringify(one);
    return `${'  '.repeat(depth + 1)}${isList ? '' : `${JSON.stringify(key)}: `}${text}`;
  });
  if (lines.length === 0) return isList ? '[]' : '{}';
  return `${isList ? '[' : '{'}\n${lines.join(',\n')}\n${'  '.repeat(depth)}${isList ? ']' : '}'}`;
}

/** The reference in a folder; `null` where there is none. Throws `UsageError` where it is corrupt. */
export function readTasksReference(folder: string): TasksReference | null {
  const path = join(folder, fileName);
  if (!existsSync(path)) return null;
  const cure = 'Restore it from version control, or make it again with --accept "the reason".';
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`${path} is corrupt (${messageOf(error)}). ${cure}`, { cause: error });
  }
  const fault = shapeFault('tasksReference', value);
  if (fault !== null) throw new UsageError(`${path} is no reference of own tasks (it ${fault}). ${cure}`);
  return value as TasksReference;
}

/** What a reference says of some of its tasks, and of the servers that they have. */
export const partOf = (
  reference: TasksReference,
  { tasks, servers }: { readonly tasks: readonly string[]; readonly servers: readonly string[] },
): TasksReference => ({
  ...reference,
  tasks: reference.tasks.filter(({ id }) => tasks.includes(id)),
  servers: Object.fromEntries(Object.entries(reference.servers).filter(([name]) => servers.includes(name))),
});

/** Throws `UsageError` where a reference is of other tasks altogether. */
export function refuseOtherTasks(
  reference: TasksReference,
  folder: string,
  suite: string,
  tasks: readonly string[],
): void {
  if (reference.tasks.some(({ id }) => tasks.includes(id))) return;
  throw new UsageError(
    `The reference in ${folder} is of other tasks: of ${reference.suite} (${namesOf(reference.tasks.map(({ id }) => id))}), while the ` +
      `file makes ${suite} (${namesOf(tasks)}). Name its own folder with --reference, or accept a new one with --accept "the reason".`,
  );
}

const namesOf = (ids: readonly string[]): string => ids.map(shortName).slice(0, 5).join(', ') || 'none';
