import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { drawItems, ID, NAME, personQuery, withItems } from '../tasks/table-content.ts';
import { drawColumn } from '../tasks/table-questions.ts';
import { identifier, insertRow, literal, selectRows } from '../tasks/table-steps.ts';
import clauses from './sql-insert.json' with { type: 'json' };

/** What of a new row is not given and has to be looked up: its keeper's id, a number of another row, its own id. */
const shapes: readonly (readonly ('keeper' | 'like' | 'next')[])[] = [
  ['keeper'],
  ['like'],
  ['next'],
  ['keeper', 'next'],
  ['like', 'next'],
  ['keeper', 'like'],
  ['keeper', 'like', 'next'],
];

/** Adds a row to a table, some of its values looked up before. */
export default {
  name: 'sql-insert',
  wording: mixedPhrasings(clauses),
  hasStandIns: false,
  shapes: shapes.length,
  heldOutShapes: [5, 6],
  draft: (draw, _, shape): Draft => {
    const tables = drawItems(draw);
    const { items, keepers, rows, people, first, second } = tables;
    const asks = shapes[shape] ?? [];
    const column = drawColumn(draw, tables);
    const [keeperId = 0, keeper = ''] = draw.pick(people);
    const model = draw.pick(rows);
    const record = `${model[NAME]}`;
    const literalValues = {
      id: draw.number(1000, 99_999),
      name: draw.title(),
      keeper_id: Number(draw.pick(people)[ID]),
      [first]: draw.number(200, 9999),
      [second]: draw.number(200, 9999),
      place: draw.word('places'),
    };
    const foundValues = {
      keeper: ['keeper_id', Number(keeperId), personQuery(keepers, `${keeper}`)],
      like: [
        column.name,
        Number(model[column.index]),
        `SELECT ${identifier(column.name)} FROM ${identifier(items)} WHERE "name" = ${literal(record)}`,
      ],
      next: ['id', 1 + Math.max(...rows.map((row) => Number(row[ID]))), `SELECT max("id") FROM ${identifier(items)}`],
    } as const;
    const looked = asks.map((column) => foundValues[column]);
    const names = new Set<string>(looked.map(([name]) => name));
    const literalFields = Object.entries(literalValues).filter(([name]) => !names.has(name));
    const values = { ...literalValues, ...Object.fromEntries(looked.map(([name, value]) => [name, value])) };
    const steps: PlannedStep[] = looked.map(([, , query]) => selectRows(query));
    const fields = literalFields.map(([name, value]) => `${name} “${value}”`).join(', ');
    return {
      start: withItems(startState(draw), tables),
      steps: [...steps, { ...insertRow(items, values), after: steps.map((_one, at) => at) }],
      clauses: [
        { kind: 'add', values: { table: items, fields } },
        ...asks.map((kind) => ({
          kind,
          values: { table: items, keepers, person: `${keeper}`, record, column: column.name },
        })),
      ],
      subGoals: 1 + asks.length,
    };
  },
} satisfies Family;
