import { stringify } from 'csv-stringify/sync';
import type { Estimate } from '../../core/statistics/estimate.ts';

export type Cell = string | number | null | Estimate;

/** `share` prints two decimals of a 0..1 mean, `amount` whole numbers (tokens) or one decimal below 100. */
export interface Column {
  readonly key: string;
  readonly title: string;
  readonly kind: 'text' | 'count' | 'share' | 'amount';
}

/** A table as data; its three written forms are made from it. */
export interface Table {
  /** File name without extension. */
  readonly name: string;
  readonly title: string;
  /** What the rows are and how to read them, one paragraph. */
  readonly about: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

export const isEstimate = (cell: Cell | undefined): cell is Estimate => typeof cell === 'object' && cell !== null;

/** A text cell's text; '–' for anything else. */
export const cellText = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : '–');

/** A number for the eye: of a negative one with a minus sign, and what rounds to nothing has none. */
export function formatNumber(value: number, kind: Column['kind']): string {
  const text =
    kind === 'share'
      ? value.toFixed(2)
      : kind === 'amount'
        ? value.toFixed(Math.abs(value) < 100 ? 1 : 0)
        : String(value);
  return text.replace(/^-(0\.0+)$/, '$1').replace(/^-/, '−');
}

/** e.g. `[−0.12, −0.03]`. */
export const intervalText = (low: number, high: number, kind: Column['kind']): string =>
  `[${formatNumber(low, kind)}, ${formatNumber(high, kind)}]`;

/** A list of numbers that is kept as text for programs, with minus signs for the eye; any other text as it is. */
export const shownText = (text: string): string =>
  /^-?\d+\.\d+(?:, -?\d+\.\d+)*$/.test(text) ? text.replaceAll('-', '−') : text;

/** A cell for the eye; an estimate with its interval in brackets, a missing one as a dash. */
export function formatCell(cell: Cell | undefined, kind: Column['kind']): string {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'string') return shownText(cell);
  if (typeof cell === 'number') return formatNumber(cell, kind);
  const { value, low, high } = cell;
  const interval = low === null || high === null ? '[no interval]' : intervalText(low, high, kind);
  return `${formatNumber(value, kind)} ${interval}`;
}

/** A text as Markdown shows it, on one line. */
export const escapeMarkdown = (text: string): string =>
  text.replaceAll(/[\\|`*_<>[\]]/g, '\\$&').replaceAll(/\s+/g, ' ');

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function tableMarkdown({ title, about, columns, rows }: Table): string {
  const body = rows.map((row) =>
    line(
      columns.map(({ key, kind }) => {
        const cell = row[key];
        return typeof cell === 'string' ? escapeMarkdown(shownText(cell)) : formatCell(cell, kind);
      }),
    ),
  );
  const head = [
    line(columns.map((column) => column.title)),
    line(columns.map(({ kind }) => (kind === 'text' ? '---' : '---:'))),
  ];
  return `# ${title}\n\n${about}\n\n${[...head, ...body].join('\n')}\n`;
}

/** One column per plain cell; an estimate spreads over value, ends, n and method. */
export function tableCsv({ columns, rows }: Table): string {
  const spread = columns.filter(({ key }) => rows.some((row) => isEstimate(row[key])));
  const keys = columns.flatMap(({ key }) =>
    spread.some((column) => column.key === key)
      ? ['', '_low', '_high', '_tasks', '_seeds', '_episodes', '_method'].map((suffix) => key + suffix)
      : [key],
  );
  const records = rows.map((row) => {
    const record: Record<string, string | number | null> = {};
    for (const { key } of columns) {
      const cell = row[key] ?? null;
      if (!isEstimate(cell)) record[key] = cell;
      else {
        record[key] = round(cell.value);
        record[`${key}_low`] = cell.low === null ? null : round(cell.low);
        record[`${key}_high`] = cell.high === null ? null : round(cell.high);
        record[`${key}_tasks`] = cell.tasks;
        record[`${key}_seeds`] = cell.seeds;
        record[`${key}_episodes`] = cell.episodes;
        record[`${key}_method`] = cell.method;
      }
    }
    return record;
  });
  return stringify(records, { header: true, columns: keys, escape_formulas: true, cast: { boolean: String } });
}

/** Rows as objects, numbers rounded to six decimals. */
export function tableJson({ name, title, about, columns, rows }: Table): string {
  return jsonText({ name, title, about, columns, rows });
}

/** Indented JSON with numbers rounded to six decimals, so that files are readable and small. */
export const jsonText = (value: unknown): string =>
  `${JSON.stringify(value, (_, item: unknown) => (typeof item === 'number' ? round(item) : item), 2)}\n`;

const round = (value: number): number => Math.round(value * 1e6) / 1e6;
