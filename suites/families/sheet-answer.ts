import type { TextTest } from '../../core/goal-types.ts';
import type { Draw } from '../tasks/draw.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import {
  drawBook,
  drawValue,
  FIRST,
  GROUP,
  lineOf,
  NAME,
  type RecordSheet,
  SECOND,
  total,
  valuesOf,
  withBook,
} from '../tasks/sheet-content.ts';
import places from '../tasks/sheet-places.json' with { type: 'json' };
import { bookPath, findSheet, readSheet } from '../tasks/sheet-steps.ts';
import { startState } from '../tasks/start-state.ts';
import clauses from './sheet-answer.json' with { type: 'json' };

const shapes = ['cell', 'sum', 'most', 'members', 'via', 'difference', 'cell', 'difference'] as const;
/** Shapes in which the sheet is not named and is found by a record. */
const UNNAMED: readonly number[] = [6, 7];

/**
 * Reads a sheet and answers: with a cell, a sum, the highest, the members of a group, what another sheet says of a
 * record's group, or a difference. A twin of the sheet holds the same records with other values.
 */
export default {
  name: 'sheet-answer',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [7],
  draft: (draw, _, shape): Draft => {
    const kind = shapes[shape] ?? 'cell';
    const isUnnamed = UNNAMED.includes(shape);
    const recordBook = drawBook(draw);
    const sheet = isUnnamed ? recordBook.strange : recordBook.main;
    const [record = '', second = ''] = draw.shuffle(valuesOf(sheet, NAME)).map(String);
    const column = draw.pick([FIRST, SECOND]);
    const about = aboutGroups(draw, recordBook.groups);
    const start = withBook(startState(draw), { ...recordBook, all: [...recordBook.all, about] });
    const cell = (name: string, at: number) => sheet.rows[lineOf(sheet, name) - 1]?.[at] ?? '';
    const group = recordBook.groups[draw.below(2)] ?? '';
    const answers: Readonly<Record<(typeof shapes)[number], number | string | readonly string[]>> = {
      cell: cell(record, column),
      sum: total(valuesOf(sheet, column)),
      most: highest(sheet, column),
      members: sheet.rows.filter((row) => row[GROUP] === group).map((row) => String(row[NAME])),
      via: about.rows.find((row) => row[0] === cell(record, GROUP))?.[1] ?? '',
      difference: Math.abs(Number(cell(record, column)) - Number(cell(second, column))),
    };
    const looking = isUnnamed
      ? findSheet(recordBook.book, recordBook.all, sheet.name)
      : [readSheet(recordBook.book, sheet.name)];
    const heading = kind === 'via' ? about.columns[1] : sheet.columns[column];
    const values = { record, second, group, other: about.name, column: heading ?? '' };
    return {
      start,
      steps: [...looking, ...(kind === 'via' ? [{ ...readSheet(recordBook.book, about.name), after: [0] }] : [])],
      clauses: [
        { kind: isUnnamed ? 'book' : 'sheet', values: { sheet: sheet.name, book: bookPath(recordBook.book), record } },
        { kind, values },
      ],
      subGoals: kind === 'via' || isUnnamed ? 3 : 2,
      answer: { test: testOf(answers[kind]), reference: [answers[kind]].flat().join(', ') },
    };
  },
} satisfies Family;

/** A sheet that says something of every group. */
function aboutGroups(draw: Draw, groups: readonly string[]): RecordSheet {
  const rows = draw.shuffle(groups).map((group) => [group, drawValue(draw)]);
  return { name: draw.word('nouns'), columns: ['group', draw.word('keyHeads')], rows };
}

function highest({ rows }: RecordSheet, column: number): string {
  const best = rows.reduce((best, other) => (Number(other[column]) > Number(best[column]) ? other : best));
  return String(best[NAME]);
}

const testOf = (answer: number | string | readonly string[]): TextTest =>
  typeof answer === 'number'
    ? { number: answer, tolerance: 0 }
    : typeof answer === 'string'
      ? { equals: answer }
      : { items: answer };
