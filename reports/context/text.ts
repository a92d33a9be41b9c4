import { type Column, formatCell, type Table } from '../tables/table.ts';

/** Columns of a terminal that a table keeps to, by cutting its widest texts. */
const widest = 100;
const GAP = 2;
const shortestText = 12;

/** A table for a terminal: title, columns one below the other, numbers to the right. */
export function tableText({ title, columns, rows }: Table): string {
  const cells = [
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map(({ key, kind }) => formatCell(row[key], kind).replaceAll(/\s+/g, ' '))),
  ];
  const widths = fitted(
    columns,
    columns.map((_, index) =>
      Math.min(
        widest,
        cells.reduce((most, line) => Math.max(most, line[index]?.length ?? 0), 0),
      ),
    ),
  );
  const lines = cells.map((line) =>
    line
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const shown = cell.length > width ? `${cell.slice(0, width - 1)}…` : cell;
        return columns[index]?.kind === 'text' ? shown.padEnd(width) : shown.padStart(width);
      })
      .join(' '.repeat(GAP))
      .trimEnd(),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Takes from the widest text column until the line fits. */
function fitted(columns: readonly Column[], natural: readonly number[]): number[] {
  const widths = [...natural];
  const width = () => widths.reduce((total, one) => total + one + GAP, 0);
  while (width() > widest) {
    const texts = widths.map((one, index) => (columns[index]?.kind === 'text' ? one : 0));
    const most = Math.max(...texts);
    if (most <= shortestText) break;
    widths[texts.indexOf(most)] = most - 1;
  }
  return widths;
}
