import type { Draft, Family, PlannedStep } from '../tasks/family.ts';
import { mixedPhrasings } from '../tasks/phrasing.ts';
import { startState } from '../tasks/start-state.ts';
import { testFor } from '../tasks/sub-goal.ts';
import { drawItems, drawSelection, KEEPER, NAME, PLACE, queryOf, withItems } from '../tasks/table-content.ts';
import places from '../tasks/table-places.json' with { type: 'json' };
import { drawColumn } from '../tasks/table-questions.ts';
import { identifier, selectRows, updateRows } from '../tasks/table-steps.ts';
import clauses from './sql-guarded-update.json' with { type: 'json' };

/** What a row must fulfil: a number below a bound, its place, its keeper. Each holds and fails in turn. */
const guards = ['below', 'at', 'kept'] as const;

/**
 * Changes a row only if a condition holds; where it does not, nothing may change and what was found is the answer. Odd
 * shapes are the twins of those before them, in which the condition fails, and read alike.
 */
export default {
  name: 'sql-guarded-update',
  wording: mixedPhrasings({ record: places.record, ...clauses }),
  hasStandIns: false,
  shapes: 2 * guards.length,
  draft: (draw, _, shape): Draft => {
    const tables = drawItems(draw);
    const guard = guards[Math.floor(shape / 2)] ?? guards[0];
    const isMet = shape % 2 === 0;
    const { items, keepers, people } = tables;
    const selection = drawSelection(draw, tables, 'record');
    const row = selection.rows[0] ?? [];
    const { index, name: column } = drawColumn(draw, tables);
    const value = draw.number(200, 9999);
    const keeper = people.find(([id]) => id === row[KEEPER]) ?? [];
    const other = <T>(all: readonly T[], own: T) => draw.pick(all.filter((one) => one !== own));
    const places = tables.rows.map((row) => `${row[PLACE]}`);
    const persons = people.map((person) => `${person[NAME]}`);
    const {
      present,
      wanted: wantedValue,
      queries,
    } = {
      below: {
        present: `${row[index]}`,
        wanted: `${bound(draw.below(900) + 1, Number(row[index]), isMet)}`,
        queries: [queryOf(tables, selection, identifier(column))],
      },
      at: {
        present: `${row[PLACE]}`,
        wanted: isMet ? `${row[PLACE]}` : other(places, `${row[PLACE]}`),
        queries: [queryOf(tables, selection, '"place"')],
      },
      kept: {
        present: `${keeper[NAME]}`,
        wanted: isMet ? `${keeper[NAME]}` : other(persons, `${keeper[NAME]}`),
        queries: [
          queryOf(tables, selection, '"keeper_id"'),
          { ...selectRows(`SELECT "name" FROM ${identifier(keepers)} WHERE "id" = ${keeper[0]}`), after: [0] },
        ],
      },
    }[guard] satisfies { present: string; wanted: string; queries: readonly PlannedStep[] };
    const update = updateRows({
      table: items,
      column,
      to: { sql: `${value}`, of: () => value },
      where: selection.where,
    });
    return {
      start: withItems(startState(draw), tables),
      steps: [...queries, ...(isMet ? [{ ...update, after: [queries.length - 1] }] : [])],
      clauses: [selection.clause, { kind: guard, values: { column, value: `${value}`, wanted: wantedValue, keepers } }],
      subGoals: 1 + queries.length,
      ...(isMet ? {} : { answer: { test: testFor(present), reference: present } }),
    };
  },
} satisfies Family;

/** A bound near a number, above it or below it, never the number itself. */
const bound = (distance: number, number: number, isAbove: boolean) =>
  isAbove ? number + distance : number - 1 - (distance % (number - 1));
