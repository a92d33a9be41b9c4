import { tableText } from '../../reports/tables/table-text.ts';
import { tableMarkdown, type Table } from '../../reports/tables/table.ts';
import { print, terminalWidth } from './printing.ts';

/** A table as wide as the terminal, whole as Markdown where there is none. `file` is where all of it stands. */
export function printTable(table: Table, file?: string): void {
  const width = terminalWidth();
  print(width === undefined ? tableMarkdown(table) : `${tableText(table, { width, ...(file ? { file } : {}) })}\n`);
}
