import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { drawBook, FIRST, GROUP, SECOND, total, valuesOf, withBook } from '../tasks/sheet-content.ts';
import places from '../tasks/sheet-places.json' with { type: 'json' };
import { bookPath, readSheet, writeCells } from '../tasks/sheet-steps.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { writeFile } from '../tasks/step.ts';
import clauses from './sheet-total-to-file.json' with { type: 'json' };

const kinds = ['sum', 'group', 'spread'] as const;
/** What is computed, and whether it is entered in the sheet as well. */
const shapes = [
  ...kinds.map((kind) => ({ kind, isEntered: false })),
  ...kinds.map((kind) => ({ kind, isEntered: true })),
] as const;

/** Computes a number from a column of a sheet, and writes it to a file and, in some shapes, below a column. */
export default {
  name: 'sheet-total-to-file',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: true,
  shapes: shapes.length,
  heldOutShapes: [4, 5],
  draft: (draw, roles, shape): Draft => {
    const { kind, isEntered } = shapes[shape] ?? { kind: 'sum', isEntered: false };
    const recordBook = drawBook(draw);
    const { book, main } = recordBook;
    const start = withBook(startState(draw), recordBook);
    const [column, foot] = [draw.pick([FIRST, SECOND]), draw.pick([FIRST, SECOND])];
    const group = recordBook.groups[draw.below(2)] ?? '';
    const numbers = valuesOf(main, column).map(Number);
    const results = {
      sum: total(numbers),
      group: total(main.rows.filter((row) => row[GROUP] === group).map((row) => row[column] ?? 0)),
      spread: Math.max(...numbers) - Math.min(...numbers),
    };
    const result = results[kind];
    const path = `${someFolder(start, draw)}/${draw.name()}.txt`;
    const [heading = '', footing = ''] = [main.columns[column], main.columns[foot]];
    const place = { row: 1 + main.rows.length, column: foot };
    return {
      start,
      steps: [
        readSheet(book, main.name),
        { ...writeFile(roles, path, `${result}`), after: [0] },
        ...(isEntered ? [{ ...writeCells(book, main.name, place, [[result]]), after: [0] }] : []),
      ],
      clauses: [
        { kind: 'sheet', values: { sheet: main.name, book: bookPath(book) } },
        { kind, values: { column: heading, group } },
        { kind: 'save', values: { path } },
        ...(isEntered ? [{ kind: 'foot', values: { foot: footing } }] : []),
      ],
      subGoals: isEntered ? 4 : 3,
    };
  },
} satisfies Family;
