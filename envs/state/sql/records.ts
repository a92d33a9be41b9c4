import type { DatabaseSync } from 'node:sqlite';
import type { Fact } from '../../../core/facts.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';
import { quoted } from './connection.ts';
import { isOfDatabase, readDatabase, rowFacts, valueOf } from './facts.ts';

/** What a server puts into its folder for itself, which no task asks for. */
export interface Bookkeeping {
  readonly tables: RegExp;
  readonly columns: RegExp;
  /** Paths beside the database; an empty folder ends in `/`. */
  readonly files?: RegExp;
}

/**
 * Facts of a server that makes its tables itself when it starts: rows alone, without what it only keeps account of. A folder
 * from which it has started and one that is still empty state the same, as long as nobody has told it anything.
 */
export const recordFacts =
  (database: string, bookkeeping: Bookkeeping) =>
  (tree: Tree): Fact[] => {
    const isStray = (path: string) => !isOfDatabase(path, database) && bookkeeping.files?.test(path) !== true;
    const stray = fileFacts(without(tree, (path) => !isStray(path)));
    const records = tree.has(database)
      ? readDatabase(database, tree, (connection) => factsOfRecords(connection, database, bookkeeping))
      : [];
    return [...stray, ...(records ?? [])].sort();
  };

function factsOfRecords(connection: DatabaseSync, database: string, { tables, columns }: Bookkeeping): Fact[] {
  const names = connection
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    .all() as unknown as readonly { readonly name: string }[];
  return names.flatMap(({ name }) => {
    if (tables.test(name)) return [];
    const select = connection.prepare(`SELECT * FROM ${quoted(name)}`);
    select.setReadBigInts(true);
    const rows = (select.all() as unknown as readonly Readonly<Record<string, unknown>>[]).map((row) =>
      Object.entries(row).flatMap(([column, value]) => (columns.test(column) ? [] : [valueOf(value)])),
    );
    return rowFacts(database, name, rows);
  });
}
