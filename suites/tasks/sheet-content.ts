import type { Cell } from '../../envs/state/workbook/workbook.ts';
import type { Draw } from './draw.ts';
import type { State } from './state.ts';

/** A drawn sheet of records: a name, two numbers, and a group that several records share. */
export interface RecordSheet {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Columns of a record sheet; the headings of the numbers are drawn. */
export const NAME = 0;
export const FIRST = 1;
export const SECOND = 2;
export const GROUP = 3;

/** A workbook of three sheets: one, its twin with the same records and other values, and one with other records. */
export interface RecordBook {
  readonly book: string;
  readonly main: RecordSheet;
  readonly strange: RecordSheet;
  readonly all: readonly RecordSheet[];
  /** Groups of the records; the first two have two members at least. */
  readonly groups: readonly string[];
}

/** Numbers that cells hold. */
export const drawValue = (draw: Draw): number => draw.number(200, 9999);

/** `least` to below `end` records. */
export function drawBook(draw: Draw, least = 4, end = 8): RecordBook {
  const columns = ['name', draw.word('keyHeads'), draw.word('keyHeads'), 'group'];
  const groups = [draw.word('places'), draw.word('places'), draw.word('places')];
  const names = Array.from({ length: least + draw.below(end - least) }, () => draw.title());
  const strangers = Array.from({ length: 3 }, () => draw.title());
  const sheetOf = (records: readonly string[], value: () => number): RecordSheet => ({
    name: draw.word('nouns'),
    columns,
    rows: draw
      .shuffle(records)
      .map((name, index) => [name, value(), value(), groups[index < 4 ? index % 2 : draw.below(3)] ?? '']),
  });
  const [main, strange] = [sheetOf(names, () => drawValue(draw)), sheetOf(strangers, () => drawValue(draw))];
  // Values that nobody asks for need no pool.
  const twin = sheetOf(names, () => 200 + draw.below(9800));
  return { book: `${draw.name()}.xlsx`, main, strange, all: draw.shuffle([main, twin, strange]), groups };
}

/** The workbooks of a state: this one, its sheets as they are or as given, and further ones. */
export const withBook = (start: State, { book, all }: RecordBook, more: State['workbooks'] = {}): State => ({
  ...start,
  workbooks: { [book]: Object.fromEntries(all.map((sheet) => [sheet.name, linesOf(sheet)])), ...more },
});

/** Header and rows, as they stand in the sheet. */
export const linesOf = ({ columns, rows }: RecordSheet): readonly (readonly Cell[])[] => [columns, ...rows];

/** Values of one column, the header left out. */
export const valuesOf = ({ rows }: RecordSheet, column: number): readonly Cell[] =>
  rows.map((row) => row[column] ?? '');

/** Where a record's line is in the sheet, the header counted. */
export const lineOf = ({ rows }: RecordSheet, name: string): number => 1 + rows.findIndex((row) => row[NAME] === name);

export const total = (values: readonly Cell[]): number => values.reduce<number>((sum, value) => sum + Number(value), 0);
