import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { printedNumbers } from './printed-numbers.ts';

/**
 * A figure of a README: `<!-- TABLE: CELL; CELL; COLUMN -->…<!-- / -->`. The row is the one of `TABLE.csv`, beside the README,
 * that has these cells in this order, perhaps with others between them; the figure stands with its interval where it has one, and
 * rounded as `TABLE.md` prints it: what is 0.115 in the file of six decimals may be a little less, and print as 0.11.
 * `-COLUMN` turns the sign round, `COLUMN value` leaves the interval out. `FILE.json: KEY; KEY` is a value in a JSON file.
 */
const marked = /<!-- (?<source>[\w./-]+): (?<path>[^>]+?) -->(?<shown>.*?)<!-- \/ -->/gs;

type Row = Readonly<Record<string, string>>;

/** A README of a folder with every figure as its table has it. Throws where a marker names no row or column, or several. */
export function withFigures(text: string, folder: string): string {
  const files = new Map<string, unknown>();
  const fileOf = (path: string): unknown => {
    if (!files.has(path)) {
      const content = readFileSync(join(folder, path), 'utf8');
      files.set(path, path.endsWith('.json') ? JSON.parse(content) : parse(content, { columns: true }));
    }
    return files.get(path);
  };
  return text.replaceAll(marked, (whole: string, source: string, path: string) => {
    const names = path.split('; ');
    const figure = source.endsWith('.json')
      ? jsonFigure(fileOf(source), names)
      : tableFigure(fileOf(`${source}.csv`) as readonly Row[], names, join(folder, `${source}.md`));
    if (figure === undefined) throw new Error(`${folder}: nothing, or more than one thing, is ${source}: ${path}`);
    return whole.replace(/-->.*<!--/s, () => `-->${figure}<!--`);
  });
}

/** What of a README stands in no marker: code, links, what the audit found and what an earlier record held are not figures of tables. */
export const withoutFigures = (text: string): string =>
  text
    .replaceAll(marked, '')
    .replaceAll(/<!-- (?:audit|earlier) -->.*?<!-- \/ -->/gs, '')
    .replaceAll(/`[^`]*`|\]\([^)]*\)/g, '');

function tableFigure(rows: readonly Row[], names: readonly string[], printedPath: string): string | undefined {
  const cells = names.slice(0, -1);
  const [, minus = '', column = '', bare] = /^(-?)(\w[\w-]*)( value)?$/.exec(names.at(-1) ?? '') ?? [];
  const [row, ...others] = rows.filter((one) => {
    let found = 0;
    for (const cell of Object.values(one)) if (cell === cells[found]) found += 1;
    return found === cells.length;
  });
  if (row === undefined || others.length > 0 || row[column] === undefined) return undefined;
  const printed = printedNumbers(printedPath, rows, row, column);
  const asPrinted = (text: string, at: number): string => (Math.abs(Number(text)) > 1 ? text : (printed[at] ?? text));
  const isNumber = /^-?\d*\.\d+$/.test(row[column]);
  const value = isNumber ? asPrinted(row[column], 0) : row[column];
  const first = row[`${column}_low`];
  const low = first && asPrinted(first, 1);
  if (low === undefined) return plain(value, minus === '' ? (one) => one : negated);
  const last = row[`${column}_high`] ?? '';
  const high = last && asPrinted(last, 2);
  const ends: Ends = minus === '' ? [value, low, high] : [negated(value), negated(high), negated(low)];
  return estimated(bare === undefined ? ends : [ends[0], '', '']);
}

type Ends = readonly [value: string, low: string, high: string];

const negated = (text: string): string => (text === '' ? '' : String(-Number(text)));

function jsonFigure(content: unknown, names: readonly string[]): string | undefined {
  const found = names.reduce<unknown>(
    (one, name) => (one as Readonly<Record<string, unknown>> | undefined)?.[name],
    content,
  );
  if (typeof found === 'number') return plain(String(found));
  const { value, low, high } = (found ?? {}) as {
    readonly value?: number;
    readonly low?: number;
    readonly high?: number;
  };
  return value === undefined ? undefined : estimated([String(value), String(low ?? ''), String(high ?? '')]);
}

const estimated = ([value, low, high]: Ends): string =>
  low === '' || high === '' ? rounded(value) : `${rounded(value)} [${rounded(low)}, ${rounded(high)}]`;

/** Counts with commas; lists (`0.67, 0.58`) one by one; words as they are. */
function plain(cell: string, signed = (one: string) => one): string {
  // Our tables put an apostrophe before what a spreadsheet might take for a formula.
  const text = cell.replace(/^'(?=-)/, '');
  if (/^\d+$/.test(text)) return Number(text).toLocaleString('en-US');
  if (!/^[-\d., ]+$/.test(text)) return text;
  return text
    .split(', ')
    .map((one) => rounded(signed(one)))
    .join(', ');
}

/** `0.62` of `0.615`, `5.7` of `5.68`, `19,620` of `19619.5`. */
function rounded(text: string): string {
  const number = Number(text);
  if (Math.abs(number) >= 100) return Math.round(number).toLocaleString('en-US');
  const digits = number.toFixed(Math.abs(number) > 1 ? 1 : 2);
  return digits.replace(/^-(?=0\.00$)/, '').replace('-', '−');
}
