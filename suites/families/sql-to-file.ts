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
    const drawn = drawItems(draw);
    const plain = startState(draw);
    const [kind, asked] = shapes[shape] ?? shapes[0];
    const selection = drawSelection(draw, drawn, kind);
    const column = drawColumn(draw, drawn);
    const { query, found, more } = ask(drawn, selection, asked, column);
    const path = `${someFolder(plain, draw)}/${draw.name()}.txt`;
    const text = Array.isArray(found) ? found.join('\n') : `${found}`;
    const looking = [...selection.lookUp, query, ...more];
    return {
      start: withItems(plain, drawn),
      steps: [...looking, { ...writeFile(roles, path, text), after: [looking.length - 1] }],
      clauses: [selection.clause, { kind: asked, values: { column: column.name, keepers: drawn.keepers, path } }],
      subGoals: 1 + looking.length,
    };
  },
} satisfies Family;
