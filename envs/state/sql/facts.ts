import { writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { UsageError } from '../../../core/errors.ts';
import { databaseFact, declarationFact, rowFact, tableFact, type Fact } from '../../../core/facts.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';
import { openDatabase, quoted, withScratchFile } from './connection.ts';
import { isDatabaseName, type SqlValue } from './database.ts';

const SIGNATURE = Buffer.from('SQLite format 3\0');
/** Files that SQLite keeps beside a database while it is written. */
const COMPANIONS = ['-wal', '-journal', '-shm'];
/** Whoever fills a table with more has done nothing that was asked for; the rest is counted. */
const MOST_ROWS = 10_000;

/** Facts of a folder's databases, whatever they are called; other files are stray ones. */
export function tableFacts(tree: Tree): Fact[] {
  const databases = [...tree].flatMap(([path, bytes]) =>
    !path.endsWith('/') && (isDatabaseName(path) || bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE))
      ? [path]
      : [],
  );
  const databasePaths = new Set(databases.flatMap((path) => [path, ...COMPANIONS.map((ending) => path + ending)]));
  const facts = databases.flatMap((path) => factsOfDatabase(path, tree));
  return [...fileFacts(without(tree, (path) => databasePaths.has(path))), ...facts].sort();
}

function factsOfDatabase(path: string, tree: Tree): Fact[] {
  const facts = readDatabase(path, tree, (connection) => [databaseFact(path), ...declaredFacts(connection, path)]);
  return facts ?? [databaseFact(path), declarationFact(path, 'unreadable', '', '')];
}

/** Opens a database of a folder, as it and its journal lie there, and reads it; undefined where that cannot be done. */
export function readDatabase<T>(path: string, tree: Tree, read: (connection: DatabaseSync) => T): T | undefined {
  return withScratchFile((file) => {
    for (const ending of ['', '-wal', '-journal']) {
      const bytes = tree.get(path + ending);
      if (bytes) writeFileSync(file + ending, bytes);
    }
    try {
      const connection = openDatabase(file);
      try {
        return read(connection);
      } finally {
        connection.close();
      }
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return undefined;
    }
  });
}

/** Whether a path is a database of a name, or a file that SQLite keeps beside it. */
export const isOfDatabase = (path: string, name: string): boolean =>
  path === name || COMPANIONS.some((ending) => path === name + ending);

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

function declaredFacts(connection: DatabaseSync, path: string): Fact[] {
  connection.exec('PRAGMA trusted_schema = OFF');
  const declared = connection.prepare('SELECT type, name, sql FROM sqlite_schema').all() as unknown as Declared[];
  return declared.flatMap(({ type, name, sql }) => {
    const isTable = type === 'table' && !/^\s*CREATE\s+VIRTUAL/i.test(sql ?? '');
    if (!isTable) return [declarationFact(path, type, name, sql ?? '')];
    return name.startsWith('sqlite_') ? [] : factsOfTable(connection, path, name);
  });
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
}

function factsOfTable(connection: DatabaseSync, path: string, name: string): Fact[] {
  const columns = connection.prepare(`PRAGMA table_info(${quoted(name)})`).all() as unknown as Column[];
  const select = connection.prepare(`SELECT * FROM ${quoted(name)} LIMIT ${MOST_ROWS}`);
  select.setReturnArrays(true);
  select.setReadBigInts(true);
  const rows = (select.all() as unknown as unknown[][]).map((row) => row.map(valueOf));
  const total = Number(Object.values(connection.prepare(`SELECT count(*) FROM ${quoted(name)}`).get() ?? {})[0]);
  const more = total > rows.length ? [declarationFact(path, 'more rows', name, `${total}`)] : [];
  return [tableFact(path, name, columns.map(describeColumn)), ...rowFacts(path, name, rows), ...more];
}

const describeColumn = ({ name, type, notnull, dflt_value: standard, pk }: Column) =>
  [
    name,
    ...(type === '' ? [] : [type]),
    ...(notnull ? ['NOT NULL'] : []),
    ...(pk > 0 ? ['PRIMARY KEY'] : []),
    ...(standard === null ? [] : [`DEFAULT ${standard}`]),
  ].join(' ');

/** Numbers that are equal are the same, whichever way SQLite keeps them; whole ones beyond 2^53 and blobs become text. */
export function valueOf(value: unknown): SqlValue {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : `${value}`;
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return value as SqlValue;
}

/** One fact a row; equal rows are counted. */
export function rowFacts(database: string, table: string, rows: readonly (readonly SqlValue[])[]): Fact[] {
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const key = JSON.stringify(row);
    const occurrence = (counts.get(key) ?? 0) + 1;
    counts.set(key, occurrence);
    return rowFact(database, table, row, occurrence);
  });
}
