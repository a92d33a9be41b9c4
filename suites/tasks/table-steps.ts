import type { SqlValue, Table } from '../../envs/state/sql/database.ts';
import { type Change, type State, unchanged } from './state.ts';
import type { Step } from './step.ts';

/** Steps on the tables of the SQL database. */

type Row = readonly SqlValue[];

const step = (tool: string, args: Step['arguments'], change: Change = unchanged): Step => ({
  server: 'sqlite',
  tool,
  arguments: args,
  change,
});

/** A SELECT; what it finds is worked out by the family. */
export const selectRows = (query: string): Step => step('execute_read_query', { query });

/** Adds one row whose values are given by column. */
export const insertRow = (table: string, values: Readonly<Record<string, SqlValue>>): Step =>
  step(
    'bulk_insert',
    { table, data: [values] },
    changeTable(table, (before) => ({
      ...before,
      rows: [...before.rows, before.columns.map(({ name }) => values[name] ?? null)],
    })),
  );

/** Changes one column of the rows that meet a condition, said twice: in SQL and as a function. */
export interface Update {
  readonly table: string;
  readonly column: string;
  /** SQL of the new value, and what it makes of the old one. */
  readonly to: { readonly sql: string; readonly of: (old: SqlValue) => SqlValue };
  readonly where: Condition;
}

export interface Condition {
  readonly sql: string;
  readonly holds: (row: Row) => boolean;
}

export const updateRows = ({ table, column, to, where }: Update): Step =>
  step(
    'execute_write_query',
    { query: `UPDATE ${identifier(table)} SET ${identifier(column)} = ${to.sql} WHERE ${where.sql}` },
    changeTable(table, (before) => {
      const at = before.columns.findIndex(({ name }) => name === column);
      const rows = before.rows.map((row) =>
        where.holds(row) ? row.map((value, index) => (index === at ? to.of(value) : value)) : row,
      );
      return { ...before, rows };
    }),
  );

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const literal = (value: SqlValue): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value ?? 'NULL');

const changeTable =
  (name: string, work: (table: Table) => Table): Change =>
  (state: State) => {
    const table = state.tables[name];
    if (table === undefined) throw new RangeError(`no table ${name} to change`);
    return { ...state, tables: { ...state.tables, [name]: work(table) } };
  };
