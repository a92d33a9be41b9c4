import { markup, rawMarkup, type Markup } from '../markup.ts';
import { cellText, formatNumber, isEstimate, type Cell, type Column, type Table } from '../tables/table.ts';

/** Rows of a table, and characters of a cell, that a page holds. */
const mostRows = 2_000;
const longestCell = 2_000;

/**
 * A table with its caption, scrollable sideways; columns named in `without` are left to the files. `null` without rows. `file`
 * is where all of it stands.
 */
export default function tableHtml(
  { name, title, about, columns, rows }: Table,
  without: readonly string[] = [],
  file = `tables/${name}.csv`,
): Markup | null {
  if (rows.length === 0) return null;
  const visible = columns.filter(({ key }) => !without.includes(key));
  const head = visible.map(({ title: heading, kind }) => markup`<th scope="col"${numberClass(kind)}>${heading}</th>`);
  const body = rows.slice(0, mostRows).map((row) => {
    const cells = visible.map((column, index) => cellHtml(shortCell(row[column.key], file), column, index === 0));
    return markup`<tr>${cells}</tr>`;
  });
  return markup`
    <div class="scroll" role="region" aria-label="${title}" tabindex="0">
      <table id="table-${name}">
        <caption>${withCode(about + (rows.length > mostRows ? moreRows(rows.length, file) : ''))}</caption>
        <thead><tr>${head}</tr></thead>
        <tbody>${body}</tbody>
      </table>
    </div>`;
}

const moreRows = (rows: number, file: string): string =>
  ` These are the first ${mostRows} rows of ${rows}; all stand in \`${file}\`.`;

const shortCell = (cell: Cell | undefined, file: string): Cell | undefined =>
  typeof cell === 'string' && cell.length > longestCell
    ? `${cell.slice(0, longestCell)}… ${cell.length - longestCell} more characters in ${file}`
    : cell;

/** A text whose backticked words are code. */
const withCode = (text: string): Markup =>
  rawMarkup(String(markup`${text}`).replaceAll(/`([^`]+)`/g, '<code>$1</code>'));

const numberClass = (kind: Column['kind']): Markup | null => (kind === 'text' ? null : rawMarkup(' class="number"'));

function cellHtml(cell: Cell | undefined, { kind }: Column, isFirst: boolean): Markup {
  if (isFirst) return markup`<th scope="row">${cellText(cell)}</th>`;
  if (cell === null || cell === undefined) return markup`<td${numberClass(kind)}>–</td>`;
  if (!isEstimate(cell)) {
    const text = typeof cell === 'number' ? formatNumber(cell, kind) : cell;
    const isWide = kind === 'text' && text.length > 32;
    return markup`<td${isWide ? rawMarkup(' class="wide"') : numberClass(kind)}>${text}</td>`;
  }
  const { value, low, high, tasks, seeds, episodes, method } = cell;
  const interval =
    low === null || high === null ? 'no interval' : `${formatNumber(low, kind)} – ${formatNumber(high, kind)}`;
  const detail = `${count(tasks, 'task')}, ${count(seeds, 'seed')}, ${count(episodes, 'episode')}; ${method}`;
  return markup`<td class="number" title="${detail}">${formatNumber(value, kind)}<small>${interval}</small></td>`;
}

/** e.g. `1 task`, `2 tasks`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
