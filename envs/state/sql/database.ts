export type SqlValue = string | number | null;

export interface Table {
  readonly columns: readonly { readonly name: string; readonly type: 'TEXT' | 'INTEGER' | 'REAL' }[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** Table name → table, in the order in which they are made. */
export type Database = Readonly<Record<string, Table>>;
