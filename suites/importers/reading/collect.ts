import { UsageError } from '../../../core/errors.ts';
import type { Files } from '../../../core/types.ts';
import { readBlock } from '../../../envs/client-files/server-block.ts';
import type { OwnTask, TaskFile } from '../../own-tasks/format.ts';
import { shapeFaults, strangeFaults } from '../../own-tasks/shape.ts';
import { pathText, type Path } from '../../own-tasks/source.ts';
import { contentFaults } from '../../own-tasks/validate.ts';
import type { Imported, Note, Skipped } from './importer.ts';
import { fieldsOf, SkippedRecord, type Fields } from './fields.ts';
import type { Records } from './files.ts';

/** One record as a task, and what does not show in it. */
export interface ReadTask {
  readonly task: OwnTask;
  readonly notes?: readonly string[];
  readonly beside?: Files;
  /** Servers that the task file must bring along for it. */
  readonly mcpServers?: NonNullable<TaskFile['mcpServers']>;
}

export interface CollectOptions {
  readonly name: string;
  readonly summary: string;
  readonly input: string;
  readonly records: Records;
  /** The record's own id, where it has one. */
  readonly idOf: (record: Fields) => unknown;
  /** `id` is the record's own, in the letters that a task's may have. */
  readonly readOne: (record: Fields, id: string) => ReadTask;
  readonly notes?: readonly Note[];
}

/**
 * Reads every record; one that becomes no task is skipped with its reason and costs no other.
 * @throws UsageError where there are no records at all.
 */
export function collect({ name, summary, input, records, idOf, readOne, notes = [] }: CollectOptions): Imported {
  if (records.records.length + records.torn.length === 0)
    throw new UsageError(`${input} holds no records to import. Is it in the format ${name}?`);
  const tasks: OwnTask[] = [];
  const skipped: Skipped[] = [...records.torn];
  const allNotes: Note[] = [...notes];
  const beside: Record<string, string> = {};
  const mcpServers: Record<string, object> = {};
  const ids = new Set<string>();
  for (const { where, value } of records.records) {
    let id = where;
    try {
      const recordId = idOf(fieldsOf(value));
      if (typeof recordId !== 'string' || recordId.trim() === '') throw new SkippedRecord('wrong record: it has no id');
      id = recordId;
      const taskId = asTaskId(recordId);
      if (ids.has(taskId)) throw new SkippedRecord(`a record with this id was read before (${where})`);
      ids.add(taskId);
      const record = fieldsOf(value);
      const result = readOne(record, taskId);
      refuseUnreadable(result);
      tasks.push(result.task);
      if (taskId !== recordId) allNotes.push({ id: taskId, what: `its id there: ${recordId}` });
      allNotes.push(
        ...[...new Set([...(result.notes ?? []), ...record.notes()])].map((what) => ({ id: taskId, what })),
      );
      Object.assign(beside, result.beside);
      Object.assign(mcpServers, result.mcpServers);
    } catch (error) {
      if (!(error instanceof SkippedRecord)) throw error;
      const isFaulty = error.message.startsWith('wrong record');
      const reason = isFaulty && id !== where ? `${error.message} (${where})` : error.message;
      skipped.push({ id, reason, cure: error.cure });
    }
  }
  const own = Object.keys(mcpServers).length === 0 ? {} : { mcpServers };
  return { file: { name, summary, ...own, tasks }, skipped, notes: allNotes, beside };
}

/** What an importer makes of a record must be what `toolstone run` reads; folders are not yet there. @throws SkippedRecord */
function refuseUnreadable({ task, mcpServers = {} }: ReadTask): void {
  const file = { mcpServers, tasks: [task] };
  const blocks = new Map(Object.entries(mcpServers).map(([server, block]) => [server, readBlock({ ...block })]));
  const [strange] = strangeFaults(file);
  const shape = strange ? [strange] : shapeFaults(file);
  const isSound = (path: Path) =>
    path[2] !== 'folders' && !shape.some((fault) => path.every((key, index) => fault.path[index] === key));
  const content = strange ? [] : contentFaults(file, { home: '/', blocks, keepFolder: () => undefined, isSound });
  const [fault] = [...shape, ...content];
  if (fault) throw new SkippedRecord(`it makes no task here: ${pathText(fault.path.slice(2))}: ${fault.what}`);
}

/** An id in the letters that task files allow. */
const asTaskId = (id: string) =>
  id
    .replaceAll(/[^\w.-]+/g, '.')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100) || 'task';
