/** The database that a fixture states as JSON text; every other file is text. */
export const DATABASE_FILE = 'data.db';

export const isDatabaseName = (path: string) => /\.(?:db|sqlite3?)$/.test(path);

export type SqlValue = string | number | null;

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: 'TEXT' | 'INTEGER' | 'REAL' }[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Table name → table, in the order in which they are made. */
export type Database = Readonly<Record<string, Table>>;
