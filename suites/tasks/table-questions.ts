import type { Draw } from './draw.ts';
import type { PlannedStep } from './family.ts';
import { FIRST, type Items, KEEPER, NAME, namesOf, queryOf, SECOND, type Selection, total } from './table-content.ts';
import { identifier, selectRows } from './table-steps.ts';

/** What can be asked about some rows of a table of items. */
export type Question = 'value' | 'sum' | 'most' | 'list' | 'trade';

/** A column of numbers. */
export interface Column {
  readonly index: number;
  readonly name: string;
}

export const drawColumn = (draw: Draw, { first, second }: Items): Column =>
  draw.pick([
    { index: FIRST, name: first },
    { index: SECOND, name: second },
  ]);

/** A query that answers a question, what it finds, and queries that go on from there. */
export interface QuestionQuery {
  readonly query: PlannedStep;
  readonly found: string | number | string[];
  readonly more: readonly PlannedStep[];
}

/** `most` and `sum` are by the column; `list` is in the order of the names. */
export function ask(
  tables: Items,
  selection: Selection,
  question: Question,
  { index: column, name: heading }: Column,
): QuestionQuery {
  const { rows } = selection;
  const name = identifier(heading);
  const by = (what: string, end = '') => queryOf(tables, selection, what, end);
  switch (question) {
    case 'value':
      return { query: by(name), found: rows[0]?.[column] ?? '', more: [] };
    case 'sum':
      return { query: by(`sum(${name})`), found: total(rows, column), more: [] };
    case 'most': {
      const most = rows.toSorted((one, other) => Number(other[column]) - Number(one[column]))[0]?.[NAME] ?? '';
      return { query: by('"name"', ` ORDER BY ${name} DESC LIMIT 1`), found: most, more: [] };
    }
    case 'list':
      return { query: by('"name"', ' ORDER BY "name"'), found: namesOf(rows).sort(), more: [] };
    case 'trade': {
      const keeper = tables.people.find(([id]) => id === rows[0]?.[KEEPER]);
      const trade = selectRows(`SELECT "trade" FROM ${identifier(tables.keepers)} WHERE "id" = ${keeper?.[0]}`);
      return {
        query: by('"keeper_id"'),
        found: keeper?.[2] ?? '',
        more: [{ ...trade, after: [selection.lookUp.length] }],
      };
    }
  }
}
