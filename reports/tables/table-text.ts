import { chosenColumns } from './chosen-columns.ts';
import { type Column, formatCell, type Table } from './table.ts';

/** Columns of text that a table keeps to where no terminal says how many it has. */
export const usualWidth = 100;
const GAP = 2;
const INDENT = 2;
const shortestText = 12;
/** Of the texts that are read first, which tell rows apart, while there are other columns to leave out. */
const shortestFirst = 24;

export interface TableTextOptions {
  /** Columns of the terminal. */
  readonly width?: number;
  /** Where all of it stands; absent: nowhere else. */
  readonly file?: string;
}

interface Placed {
  readonly column: Column;
  readonly cells: readonly string[];
  width: number;
}

/**
 * A table for a terminal: title, columns one below the other, numbers to the right. It is no wider than the terminal: long texts
 * are cut, and columns that are left without room are named by their number, those last that a reader needs first.
 */
export function tableText(table: Table, { width = usualWidth, file }: TableTextOptions = {}): string {
  const shown = fitted(table, width);
  const left = table.columns.length - shown.length;
  const lines = [table.columns.map(({ title }) => title), ...table.rows].map((_, line) =>
    shown
      .map(({ column, cells, width: room }) => {
        const cell = cells[line] ?? '';
        const text = cell.length > room ? `${cell.slice(0, room - 1)}…` : cell;
        return column.kind === 'text' ? text.padEnd(room) : text.padStart(room);
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  const where = file === undefined ? ': a wider terminal has room for them' : ` in ${file}`;
  return [
    table.title,
    ...lines.map((line) => `${' '.repeat(INDENT)}${line}`),
    ...(left > 0 ? [`${' '.repeat(INDENT)}… ${left} more ${left === 1 ? 'column' : 'columns'}${where}`] : []),
  ].join('\n');
}

/** Takes from the widest text columns and from the columns that come last until the line fits; what is read first gives way last. */
function fitted(table: Table, most: number): Placed[] {
  const placed = columnsOf(table).map((column): Placed => {
    const cells = [
      column.title,
      ...table.rows.map((row) => formatCell(row[column.key], column.kind).replaceAll(/\s+/g, ' ')),
    ];
    return { column, cells, width: Math.min(most, Math.max(...cells.map(({ length }) => length))) };
  });
  const few = [...(chosenColumns(table) ?? [])].filter(([, room]) => room === 'few').map(([key]) => key);
  // A split tells rows apart, too, while it has room at all.
  const first = [...few, 'split'];
  const over = () => placed.reduce((total, { width }) => total + width + GAP, INDENT - GAP) - most;
  while (over() > 0) {
    const leastOf = ({ column }: Placed) =>
      placed.length > few.length && first.includes(column.key) ? shortestFirst : shortestText;
    const [widest] = placed
      .filter((one) => one.column.kind === 'text' && one.width > leastOf(one))
      .toSorted((a, b) => b.width - a.width);
    if (widest) widest.width -= 1;
    else if (placed.length > 1) placed.pop();
    else break;
  }
  return placed;
}

/** Those that are read first in front; the rest only where the table's columns were not chosen among. */
function columnsOf(table: Table): readonly Column[] {
  const chosen = chosenColumns(table);
  if (!chosen) return table.columns;
  const keys = [...chosen].filter(([, room]) => room !== 'rest').map(([key]) => key);
  return keys.flatMap((key) => table.columns.filter((column) => column.key === key));
}
