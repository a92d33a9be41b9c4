import type { SqlValue } from '../../envs/state/sql/database.ts';
import type { Draft, Family } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { drawItems, drawSelection, NAME, withItems } from '../tasks/table-content.ts';
import places from '../tasks/table-places.json' with { type: 'json' };
import { drawColumn } from '../tasks/table-questions.ts';
import { identifier, literal, selectRows, updateRows } from '../tasks/table-steps.ts';
import clauses from './sql-update.json' with { type: 'json' };

/** Which rows, and what becomes of a column there: a value, more of what it was, or what another row has. */
const shapes = [
  ['place', 'set'],
  ['record', 'raise'],
  ['keeper', 'set'],
  ['place', 'like'],
  ['record', 'set'],
  ['place', 'raise'],
  ['record', 'like'],
  ['keeper', 'raise'],
  ['keeper', 'like'],
] as const;

/** Changes the rows that meet a condition, and no others. An older table holds rows of the same names. */
export default {
  name: 'sql-update',
  wording: mixedPhrasings({ ...places, ...clauses }),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [7, 8],
  draft: (draw, _, shape): Draft => {
    const tables = drawItems(draw);
    const [kind, deed] = shapes[shape] ?? shapes[0];
    const { clause, lookUp, where, rows } = drawSelection(draw, tables, kind);
    const { items } = tables;
    const { index, name: column } = drawColumn(draw, tables);
    const model = draw.pick(tables.rows.filter((row) => !rows.includes(row)));
    const record = `${model[NAME]}`;
    const value = draw.number(200, 9999);
    const copied = model[index] ?? null;
    const to = {
      set: { sql: `${value}`, of: () => value },
      raise: { sql: `${identifier(column)} + ${value}`, of: (old: SqlValue) => Number(old) + value },
      like: { sql: literal(copied), of: () => copied },
    }[deed];
    const copying =
      deed === 'like'
        ? [selectRows(`SELECT ${identifier(column)} FROM ${identifier(items)} WHERE "name" = ${literal(record)}`)]
        : [];
    const looking = [...lookUp, ...copying];
    return {
      start: withItems(startState(draw), tables),
      steps: [...looking, { ...updateRows({ table: items, column, to, where }), after: looking.map((_one, at) => at) }],
      clauses: [clause, { kind: deed, values: { column, value: `${value}`, record } }],
      subGoals: 1 + looking.length,
    };
  },
} satisfies Family;
