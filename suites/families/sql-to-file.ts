import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { someFolder, startState } from '../tasks/start-state.ts';
import { writeFile } from '../tasks/step.ts';
import { drawItems, drawSelection, withItems } from '../tasks/table-content.ts';
import places from '../tasks/table-places.json' with { type: 'json' };
import { ask, drawColumn } from '../tasks/table-questions.ts';
import clauses from './sql-to-file.json' with { type: 'json' };

/** Which rows, and what of them is written down. */
const shapes = [
  ['record', 'value'],
  ['place', 'sum'],
  ['place', 'list'],
  ['keeper', 'sum'],
  ['place', 'most'],
  ['record', 'trade'],
  ['keeper', 'most'],
  ['keeper', 'list'],
] as const;

/** Writes what a query finds to a file. */
export default {
  name: 'sql-to-file',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: true,
  shapes: shapes.length,
  heldOutShapes: [7],
  draft: (draw, roles, shape): Draft => {
    const tables = drawItems(draw);
    const emptyStart = startState(draw);
    const [kind, asks] = shapes[shape] ?? shapes[0];
    const selection = drawSelection(draw, tables, kind);
    const column = drawColumn(draw, tables);
    const { query, found: answer, more } = ask(tables, selection, asks, column);
    const path = `${someFolder(emptyStart, draw)}/${draw.name()}.txt`;
    const text = Array.isArray(answer) ? answer.join('\n') : `${answer}`;
    const looking = [...selection.lookUp, query, ...more];
    return {
      start: withItems(emptyStart, tables),
      steps: [...looking, { ...writeFile(roles, path, text), after: [looking.length - 1] }],
      clauses: [selection.clause, { kind: asks, values: { column: column.name, keepers: tables.keepers, path } }],
      subGoals: 1 + looking.length,
    };
  },
} satisfies Family;
