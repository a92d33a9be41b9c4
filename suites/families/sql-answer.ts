import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { testFor } from '../tasks/sub-goal.ts';
import { drawItems, drawSelection, withItems } from '../tasks/table-content.ts';
import places from '../tasks/table-places.json' with { type: 'json' };
import { ask, drawColumn } from '../tasks/table-questions.ts';
import clauses from './sql-answer.json' with { type: 'json' };

/** Which rows, and what is asked about them. */
const shapes = [
  ['record', 'value'],
  ['place', 'sum'],
  ['place', 'most'],
  ['place', 'list'],
  ['keeper', 'sum'],
  ['keeper', 'most'],
  ['record', 'trade'],
  ['keeper', 'list'],
] as const;

/** Looks up one value, a total, the greatest, a list, or what another table says, and answers. */
export default {
  name: 'sql-answer',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [7],
  draft: (draw, _, shape): Draft => {
    const tables = drawItems(draw);
    const [kind, asks] = shapes[shape] ?? shapes[0];
    const selection = drawSelection(draw, tables, kind);
    const column = drawColumn(draw, tables);
    const { query, found: answer, more } = ask(tables, selection, asks, column);
    const test = Array.isArray(answer) ? { items: answer } : testFor(`${answer}`);
    return {
      start: withItems(startState(draw), tables),
      steps: [...selection.lookUp, query, ...more],
      clauses: [selection.clause, { kind: asks, values: { column: column.name, keepers: tables.keepers } }],
      subGoals: 1 + selection.lookUp.length + more.length,
      answer: { test, reference: Array.isArray(answer) ? answer.join('\n') : `${answer}` },
    };
  },
} satisfies Family;
