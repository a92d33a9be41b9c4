import { armColours, type NamedArm } from '../arms/named-arms.ts';
import { markup, rawMarkup, type Markup } from '../markup.ts';
import { chosenColumns, type Room } from '../tables/chosen-columns.ts';
import {
  cellText,
  formatCell,
  formatNumber,
  intervalText,
  isEstimate,
  type Cell,
  type Column,
  type Table,
} from '../tables/table.ts';

/** Rows of a table, and characters of a cell, that a page holds. */
const mostRows = 2_000;
const longestCell = 2_000;

/** Columns that a sheet of paper has room for; of tables with more a row is printed as a block. */
const mostOnPaper = 22;

type Row = Table['rows'][number];

export interface TableOptions {
  /** Where all of it stands. */
  readonly file?: string;
  /** The arm that a text cell names. */
  readonly armOf?: (row: Row, key: string) => NamedArm | null;
}

interface PlacedColumn extends Column {
  readonly room: Room;
}

/**
 * A table below what it is about. Of many columns the chosen ones are shown, fewer where the screen is narrow, and the others
 * when the reader asks for them, and in print; the rows of a table whose columns are all shown stand one below the other on a
 * narrow screen. `null` without rows.
 */
export default function tableHtml(
  table: Table,
  { file = `tables/${table.name}.csv`, armOf = () => null }: TableOptions = {},
): Markup | null {
  const { name, title, about, rows } = table;
  if (rows.length === 0) return null;
  const chosen = chosenColumns(table);
  const columns = placedColumns(table, chosen);
  const isMany = columns.length > mostOnPaper;
  const head = columns.map(
    ({ title: heading, kind, room }) =>
      markup`<th scope="col"${classes(room, kind !== 'text' && 'number')}>${heading}</th>`,
  );
  const body = rows.slice(0, mostRows).map((row) => {
    const cells = columns.map((column, index) =>
      cellHtml(
        shortCell(row[column.key], file),
        column,
        index === 0,
        armOf(row, column.key),
        chosen === null || isMany,
      ),
    );
    return markup`<tr>${cells}</tr>`;
  });
  return markup`
    <div class="table">
      <p class="about">${withCode(about + (rows.length > mostRows ? moreRows(rows.length, file) : ''))}</p>
      ${chosen && allColumns(columns)}
      <div class="scroll" role="region" aria-label="${title}" tabindex="0">
        <table id="table-${name}"${classes('few', !chosen && 'stack', isMany && 'many')}>
          <thead><tr>${head}</tr></thead>
          <tbody>${body}</tbody>
        </table>
      </div>
    </div>`;
}

function placedColumns({ columns }: Table, chosen: ReadonlyMap<string, Room> | null): PlacedColumn[] {
  if (!chosen) return columns.map((column) => ({ ...column, room: 'few' }));
  return [...chosen].flatMap(([key, room]) => {
    const column = columns.find((one) => one.key === key);
    return column ? [{ ...column, room }] : [];
  });
}

/** What brings in the columns that are left out; on a wide screen there may be none. */
function allColumns(columns: readonly PlacedColumn[]): Markup {
  const isWideWhole = columns.every(({ room }) => room !== 'rest');
  return markup`<label class="all${isWideWhole ? ' narrow' : null}"><input type="checkbox"> all ${columns.length} columns</label>`;
}

const moreRows = (rows: number, file: string): string =>
  ` These are the first ${mostRows} rows of ${rows}; all are in \`${file}\`.`;

const shortCell = (cell: Cell | undefined, file: string): Cell | undefined =>
  typeof cell === 'string' && cell.length > longestCell
    ? `${cell.slice(0, longestCell)}… ${cell.length - longestCell} more characters in ${file}`
    : cell;

/** A text whose backticked words are code. */
export const withCode = (text: string): Markup =>
  rawMarkup(String(markup`${text}`).replaceAll(/`([^`]+)`/g, '<code>$1</code>'));

/** The attribute; `room-few` goes without saying. */
function classes(room: Room, ...others: readonly (string | false)[]): Markup | null {
  const names = [room !== 'few' && `room-${room}`, ...others].filter((name) => name !== false);
  return names.length === 0 ? null : rawMarkup(` class="${names.join(' ')}"`);
}

function cellHtml(
  cell: Cell | undefined,
  { kind, room, title }: PlacedColumn,
  isFirst: boolean,
  arm: NamedArm | null,
  isStacked: boolean,
): Markup {
  const heading = isStacked ? markup` data-title="${title}"` : null;
  if (isFirst) return markup`<th scope="row"${heading}>${arm ? armHtml(arm) : firstText(cell, kind)}</th>`;
  const number = kind !== 'text' && 'number';
  if (arm) return markup`<td${classes(room, 'arm')}${heading}>${armHtml(arm)}</td>`;
  if (cell === null || cell === undefined) return markup`<td${classes(room, number)}${heading}>–</td>`;
  if (!isEstimate(cell)) {
    const text = formatCell(cell, kind);
    const isWide = kind === 'text' && text.length > 32;
    return markup`<td${classes(room, isWide ? 'wide' : number)}${heading}>${text}</td>`;
  }
  const { value, low, high, tasks, seeds, episodes, method } = cell;
  const interval = low === null || high === null ? 'no interval' : intervalText(low, high, kind);
  const detail = `${count(tasks, 'task')}, ${count(seeds, 'seed')}, ${count(episodes, 'episode')}; ${method}`;
  return markup`<td${classes(room, 'number')}${heading} title="${detail}">${formatNumber(value, kind)}<small>${interval}</small></td>`;
}

const firstText = (cell: Cell | undefined, kind: Column['kind']): string =>
  typeof cell === 'number' ? formatNumber(cell, kind) : cellText(cell);

/** An arm by its name and colour. */
export const armHtml = ({ name, number }: NamedArm): Markup =>
  markup`<i class="swatch" style="background:var(--c${number % armColours})"></i>${name}`;

/** e.g. `1 task`, `2 tasks`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
