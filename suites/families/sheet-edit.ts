import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { drawBook, drawValue, FIRST, lineOf, NAME, SECOND, valuesOf, withBook } from '../tasks/sheet-content.ts';
import places from '../tasks/sheet-places.json' with { type: 'json' };
import { bookPath, findSheet, readSheet, writeCells } from '../tasks/sheet-steps.ts';
import { startState } from '../tasks/start-state.ts';
import clauses from './sheet-edit.json' with { type: 'json' };

/** What is asked for, by shape: a record's cell, by its name or by another cell, or a record below the last one. */
const shapes = [
  ['change'],
  ['add'],
  ['changeBy'],
  ['change', 'add'],
  ['change'],
  ['add'],
  ['changeBy', 'add'],
] as const;
/** Shapes in which the sheet is not named and is found by a record. */
const UNNAMED: readonly number[] = [4, 5];

/**
 * Changes and adds records of a sheet: the row must be looked up first. Another sheet holds the same records with other
 * values; where the sheet is not named, it is the one that has a certain record.
 */
export default {
  name: 'sheet-edit',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [5, 6],
  draft: (draw, _, shape): Draft => {
    const recordBook = drawBook(draw);
    const start = withBook(startState(draw), recordBook);
    const isUnnamed = UNNAMED.includes(shape);
    const sheet = isUnnamed ? recordBook.strange : recordBook.main;
    const { book } = recordBook;
    const record = String(draw.pick(valuesOf(sheet, NAME)));
    const [column, key] = draw.shuffle([FIRST, SECOND]) as [number, number];
    const row = lineOf(sheet, record);
    const value = drawValue(draw);
    const [name, first, second] = [draw.title(), drawValue(draw), drawValue(draw)];
    const group = draw.pick(recordBook.groups);
    const looking: readonly PlannedStep[] = isUnnamed
      ? findSheet(book, recordBook.all, sheet.name)
      : [readSheet(book, sheet.name)];
    const asks = shapes[shape] ?? [];
    const writing = asks.map((kind) => ({
      ...(kind === 'add'
        ? writeCells(book, sheet.name, { row: 1 + sheet.rows.length, column: 0 }, [[name, first, second, group]])
        : writeCells(book, sheet.name, { row, column }, [[value]])),
      after: [looking.length - 1],
    }));
    const changedValues = { record, column: sheet.columns[column] ?? '', value: `${value}` };
    const foundValues = { key: sheet.columns[key] ?? '', keyValue: `${sheet.rows[row - 1]?.[key]}` };
    const values = { ...changedValues, ...foundValues, name, first: `${first}`, second: `${second}`, group };
    const place = { sheet: sheet.name, book: bookPath(book), record };
    return {
      start,
      steps: [...looking, ...writing],
      clauses: [{ kind: isUnnamed ? 'book' : 'sheet', values: place }, ...asks.map((kind) => ({ kind, values }))],
      subGoals: 1 + asks.length,
    };
  },
} satisfies Family;
