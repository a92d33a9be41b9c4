import { worldFolderOf } from '../../core/world-root.ts';
import type { Cell, Workbook } from '../../envs/state/workbook/workbook.ts';
import { columnName } from '../../envs/state/workbook/workbook.ts';
import type { PlannedStep } from './family.ts';
import { type Change, unchanged } from './state.ts';
import type { Step } from './step.ts';

/** Steps on workbooks. Every tool wants the file's absolute path, so that prompts give it as well. */
export const bookPath = (book: string): string => `${worldFolderOf('excel')}/${book}`;

/** A place in a sheet; both count from 0, so that the header is row 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

const onBook = (tool: string, book: string, args: Step['arguments'], change: Change = unchanged): Step => ({
  server: 'excel',
  tool,
  arguments: { fileAbsolutePath: bookPath(book), ...args },
  change,
});

/** Names of the sheets and how far each reaches. */
const describeSheets = (book: string): Step => onBook('excel_describe_sheets', book, {});

/** The whole sheet, or a range of its cells such as `A1:C51`. */
export const readSheet = (book: string, sheetName: string, range?: string): Step =>
  onBook('excel_read_sheet', book, { sheetName, ...(range === undefined ? {} : { range }) });

/** Reads sheet after sheet, in the workbook's order, until the wanted one; every read depends on the list of names. */
export const findSheet = (
  book: string,
  all: readonly { readonly name: string }[],
  wanted: string,
): readonly PlannedStep[] => [
  describeSheets(book),
  ...all
    .slice(0, 1 + all.findIndex(({ name }) => name === wanted))
    .map(({ name }) => ({ ...readSheet(book, name), after: [0] })),
];

/** Writes a block of cells of an existing sheet, its top left cell at `at`. */
export const writeCells = (book: string, sheetName: string, at: Place, values: readonly (readonly Cell[])[]): Step =>
  onBook(
    'excel_write_to_sheet',
    book,
    { sheetName, newSheet: false, range: rangeOf(at, values), values },
    changeSheet(book, sheetName, (rows) => withCells(rows, at, values)),
  );

function rangeOf({ row, column }: Place, values: readonly (readonly Cell[])[]): string {
  const width = values[0]?.length ?? 0;
  return `${columnName(column)}${row + 1}:${columnName(column + width - 1)}${row + values.length}`;
}

type Rows = Workbook[string];

function changeSheet(book: string, sheet: string, edit: (rows: Rows) => Rows): Change {
  return (state) => {
    const workbook = state.workbooks[book];
    if (!workbook) throw new RangeError(`no workbook ${book} to change`);
    const edited = { ...workbook, [sheet]: edit(workbook[sheet] ?? []) };
    return { ...state, workbooks: { ...state.workbooks, [book]: edited } };
  };
}

function withCells(rows: Rows, at: Place, values: readonly (readonly Cell[])[]): Rows {
  const edited = rows.map((row) => [...row]);
  for (const [down, line] of values.entries())
    for (const [right, cell] of line.entries()) {
      while (edited.length <= at.row + down) edited.push([]);
      const row = edited[at.row + down] as Cell[];
      while (row.length <= at.column + right) row.push('');
      row[at.column + right] = cell;
    }
  return edited;
}
