import type { Run } from '../../core/record/read-run.ts';
import { toolspaceNotes } from '../../core/record/toolspace-notes.ts';
import type { Table } from './table.ts';

/** Says above a table among which tools its tasks were played, where not all are of servers that are needed and run. */
export function withToolspaceNamed(table: Table, runs: readonly Run[]): Table {
  const notes = [...new Set(runs.flatMap(({ manifest }) => toolspaceNotes(manifest)))];
  return notes.length === 0 ? table : { ...table, about: [table.about, ...notes].join(' ') };
}
