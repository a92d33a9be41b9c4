import { tableText } from '../../reports/tables/table-text.ts';
import { tableMarkdown, type Table } from '../../reports/tables/table.ts';
import { print, terminalWidth } from './printing.ts';

/**
 * A table no wider than the terminal, or than 100 columns where there is none. `file` is where all of it is; a table without one is
 * whole, as Markdown, where there is no terminal.
 */
export function printTable(table: Table, file?: string): void {
  const width = terminalWidth();
  const isWhole = width === undefined && file === undefined;
  const room = { ...(width === undefined ? {} : { width }), ...(file === undefined ? {} : { file }) };
  print(isWhole ? tableMarkdown(table) : `${tableText(table, room)}\n`);
}
