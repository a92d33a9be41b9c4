import type { Database, SqlValue, Table } from '../../envs/state/sql/database.ts';
import type { Draw } from './draw.ts';
import type { PlannedStep } from './family.ts';
import type { Clause } from './phrasing.ts';
import type { State } from './state.ts';
import { type Condition, identifier, literal, selectRows } from './table-steps.ts';

type Row = readonly SqlValue[];

/** Columns of a table of items. */
export const ID = 0;
export const NAME = 1;
export const KEEPER = 2;
export const FIRST = 3;
export const SECOND = 4;
export const PLACE = 5;

/**
 * A drawn database: items, who keeps them, and an older table of the same items with other values, which nobody asks
 * for. Two items at the least share a place, and two a keeper.
 */
export interface Items {
  readonly items: string;
  readonly keepers: string;
  readonly tables: Database;
  /** Names of the two columns of numbers. */
  readonly first: string;
  readonly second: string;
  readonly rows: readonly Row[];
  /** Id, name and trade. */
  readonly people: readonly Row[];
}

export function drawItems(draw: Draw): Items {
  const [items, keepers, old] = [`${draw.word('nouns')}_items`, `${draw.word('nouns')}_keepers`, draw.word('nouns')];
  const [first, second] = [heading(draw), heading(draw)];
  const freshId = idsOf(draw);
  const people = Array.from({ length: 4 }, () => [freshId(), draw.person(), draw.word('entityTypes')]);
  const places = [draw.word('places'), draw.word('places'), draw.word('places')];
  const names = Array.from({ length: 6 + draw.below(4) }, () => draw.title());
  const rowsOf = (number: () => number): Row[] =>
    draw
      .shuffle(names)
      .map((name, index) => [
        freshId(),
        name,
        people[index < 4 ? index % 2 : draw.below(4)]?.[ID] ?? 0,
        number(),
        number(),
        places[index < 5 ? index % 2 : draw.below(3)] ?? '',
      ]);
  const columns: Table['columns'] = [
    { name: 'id', type: 'INTEGER' },
    { name: 'name', type: 'TEXT' },
    { name: 'keeper_id', type: 'INTEGER' },
    { name: first, type: 'INTEGER' },
    { name: second, type: 'INTEGER' },
    { name: 'place', type: 'TEXT' },
  ];
  const rows = rowsOf(() => draw.number(200, 9999));
  const keeperColumns: Table['columns'] = [
    { name: 'id', type: 'INTEGER' },
    { name: 'name', type: 'TEXT' },
    { name: 'trade', type: 'TEXT' },
  ];
  const tables = {
    [keepers]: { columns: keeperColumns, rows: people },
    [items]: { columns, rows },
    [`${old}_items`]: { columns, rows: rowsOf(() => 200 + draw.below(9800)) },
  };
  const order = draw.shuffle(Object.keys(tables));
  return {
    items,
    keepers,
    first,
    second,
    rows,
    people,
    tables: Object.fromEntries(order.map((name) => [name, tables[name] as Table])),
  };
}

/** Gives whole numbers that no two rows share. */
function idsOf(draw: Draw): () => number {
  const used = new Set<number>();
  return () => {
    for (;;) {
      const id = 1000 + draw.below(99_000);
      if (used.has(id)) continue;
      used.add(id);
      return id;
    }
  };
}

/** Not a word that SQL keeps for itself. */
function heading(draw: Draw): string {
  for (;;) {
    const word = draw.word('keyHeads');
    if (word !== 'limit') return word;
  }
}

export const withItems = (start: State, { tables }: Items): State => ({ ...start, tables });

/** Some rows of the items, as a prompt names them; `lookUp` finds what the condition needs. */
export interface Selection {
  readonly clause: Clause;
  readonly lookUp: readonly PlannedStep[];
  readonly where: Condition;
  readonly rows: readonly Row[];
}

export type SelectionKind = 'place' | 'keeper' | 'record';

/** `place` and `keeper` choose two rows or more. */
export function drawSelection(draw: Draw, { items, keepers, rows, people }: Items, kind: SelectionKind): Selection {
  const column = { place: PLACE, keeper: KEEPER, record: NAME }[kind];
  const many = rows.filter((row) => rows.filter((other) => other[column] === row[column]).length > 1);
  const value = draw.pick(kind === 'record' ? rows : many)[column] as SqlValue;
  const holds = (row: Row) => row[column] === value;
  const person = people.find(([id]) => id === value)?.[1] ?? '';
  const name = { place: 'place', keeper: 'keeper_id', record: 'name' }[kind];
  return {
    clause: { kind, values: { table: items, keepers, value: `${value}`, person: `${person}` } },
    lookUp: kind === 'keeper' ? [selectRows(personQuery(keepers, `${person}`))] : [],
    where: { sql: `${identifier(name)} = ${literal(value)}`, holds },
    rows: rows.filter(holds),
  };
}

export const personQuery = (keepers: string, person: string): string =>
  `SELECT "id" FROM ${identifier(keepers)} WHERE "name" = ${literal(person)}`;

/** One query over chosen rows, on the lookups before it. */
export const queryOf = ({ items }: Items, { where, lookUp }: Selection, what: string, end = ''): PlannedStep => ({
  ...selectRows(`SELECT ${what} FROM ${identifier(items)} WHERE ${where.sql}${end}`),
  after: lookUp.map((_, index) => index),
});

export const total = (rows: readonly Row[], column: number): number =>
  rows.reduce((sum, row) => sum + Number(row[column]), 0);

export const namesOf = (rows: readonly Row[]): string[] => rows.map((row) => `${row[NAME]}`);
