import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { testFor } from '../tasks/sub-goal.ts';
import {
  drawItems,
  drawSelection,
  FIRST,
  type Items,
  KEEPER,
  NAME,
  namesOf,
  queryOf,
  SECOND,
  type Selection,
  total,
  withItems,
} from '../tasks/table-content.ts';
import places from '../tasks/table-places.json' with { type: 'json' };
import { identifier, selectRows } from '../tasks/table-steps.ts';
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
    const drawn = drawItems(draw);
    const [kind, asked] = shapes[shape] ?? shapes[0];
    const selection = drawSelection(draw, drawn, kind);
    const column = draw.pick([FIRST, SECOND]);
    const { query, found, more } = ask(drawn, selection, asked, column);
    const test = Array.isArray(found) ? { items: found } : testFor(`${found}`);
    return {
      start: withItems(startState(draw), drawn),
      steps: [...selection.lookUp, query, ...more],
      clauses: [
        selection.clause,
        { kind: asked, values: { column: column === FIRST ? drawn.first : drawn.second, keepers: drawn.keepers } },
      ],
      subGoals: 1 + selection.lookUp.length + more.length,
      answer: { test, reference: Array.isArray(found) ? found.join('\n') : `${found}` },
    };
  },
} satisfies Family;

interface Asked {
  readonly query: PlannedStep;
  readonly found: string | number | string[];
  readonly more: readonly PlannedStep[];
}

function ask(drawn: Items, selection: Selection, asked: (typeof shapes)[number][1], column: number): Asked {
  const { rows } = selection;
  const name = identifier(column === FIRST ? drawn.first : drawn.second);
  const by = (what: string, end = '') => queryOf(drawn, selection, what, end);
  switch (asked) {
    case 'value':
      return { query: by(name), found: rows[0]?.[column] ?? '', more: [] };
    case 'sum':
      return { query: by(`sum(${name})`), found: total(rows, column), more: [] };
    case 'most': {
      const most = rows.toSorted((one, other) => Number(other[column]) - Number(one[column]))[0]?.[NAME] ?? '';
      return { query: by('"name"', ` ORDER BY ${name} DESC LIMIT 1`), found: most, more: [] };
    }
    case 'list':
      return { query: by('"name"'), found: namesOf(rows), more: [] };
    case 'trade': {
      const keeper = drawn.people.find(([id]) => id === rows[0]?.[KEEPER]);
      const trade = selectRows(`SELECT "trade" FROM ${identifier(drawn.keepers)} WHERE "id" = ${keeper?.[0]}`);
      return { query: by('"keeper_id"'), found: keeper?.[2] ?? '', more: [{ ...trade, after: [0] }] };
    }
  }
}
