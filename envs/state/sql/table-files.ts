import { readFileSync, writeFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf, TaskFailure, UsageError } from '../../../core/errors.ts';
import { databaseFact, declarationFact, rowFact, tableFact } from '../../../core/facts.ts';
import type { Fact, Files } from '../../../core/types.ts';
import type { Database, SqlValue, Table } from './database.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts, without } from '../files/facts.ts';
import { treeOf } from '../files/tree.ts';
import { makeWorldFolders } from '../../world-folders.ts';

/** The database that a fixture states as JSON text; every other file is text. */
export const DATABASE_FILE = 'data.db';

const SIGNATURE = Buffer.from('SQLite format 3\0');
/** Where the file says which library wrote it last, and what it shall say on every machine. */
const WRITER_OFFSET = 96;
const WRITER_VERSION = 3_050_000;
/** Files that SQLite keeps beside a database while it is written. */
const COMPANIONS = ['-wal', '-journal', '-shm'];
/** Whoever fills a table with more has done nothing that was asked for; the rest is counted. */
const MOST_ROWS = 10_000;

/** Fixture text as files on disk, the database with the same bytes everywhere. */
export function compileTables(files: Files): Tree {
  const { [DATABASE_FILE]: text, ...rest } = files;
  const tree = new Map(treeOf(rest));
  if (text !== undefined) tree.set(DATABASE_FILE, databaseBytes(parseDatabase(text)));
  return tree;
}

/** What `tableFacts` would say of the compiled files; undefined where only SQLite can tell what a column makes of a value. */
export function statedTableFacts(files: Files): Fact[] | undefined {
  const { [DATABASE_FILE]: text, ...rest } = files;
  if (text === undefined || Object.keys(rest).some((path) => isDatabaseName(path))) return undefined;
  const database = parseDatabase(text);
  if (!Object.values(database).every(isPlain)) return undefined;
  const facts = Object.entries(database).flatMap(([name, { columns, rows }]) => [
    tableFact(
      DATABASE_FILE,
      name,
      columns.map((column) => `${column.name} ${column.type}`),
    ),
    ...rowFacts(DATABASE_FILE, name, rows),
  ]);
  return [...fileFacts(treeOf(rest)), databaseFact(DATABASE_FILE), ...facts].sort();
}

/** Facts of a folder's databases, whatever they are called; other files are stray ones. */
export function tableFacts(tree: Tree): Fact[] {
  const databases = [...tree].flatMap(([path, bytes]) =>
    !path.endsWith('/') && (isDatabaseName(path) || bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE))
      ? [path]
      : [],
  );
  const known = new Set(databases.flatMap((path) => [path, ...COMPANIONS.map((ending) => path + ending)]));
  const facts = databases.flatMap((path) => factsOfDatabase(path, tree));
  return [...fileFacts(without(tree, (path) => known.has(path))), ...facts].sort();
}

const isDatabaseName = (path: string) => /\.(?:db|sqlite3?)$/.test(path);

/* ---- writing ---- */

function parseDatabase(text: string): Database {
  try {
    return JSON.parse(text) as Database;
  } catch (error) {
    const cure = 'Give an object of tables, each with columns (name, type) and rows.';
    throw new TaskFailure(`The fixture file ${DATABASE_FILE} is no JSON: ${messageOf(error)}. ${cure}`, {
      cause: error,
    });
  }
}

function databaseBytes(database: Database): Buffer {
  return withScratchFile((path) => {
    const connection = openDatabase(path);
    try {
      connection.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN');
      for (const [name, table] of Object.entries(database)) writeTable(connection, name, table);
      connection.exec('COMMIT');
    } catch (error) {
      throw new TaskFailure(`The tables of ${DATABASE_FILE} cannot be made: ${messageOf(error)}`, { cause: error });
    } finally {
      connection.close();
    }
    const bytes = readFileSync(path);
    if (bytes.length > 0) bytes.writeUInt32BE(WRITER_VERSION, WRITER_OFFSET);
    return bytes;
  });
}

function writeTable(connection: DatabaseSync, name: string, { columns, rows }: Table): void {
  const list = columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ');
  connection.exec(`CREATE TABLE ${quoted(name)} (${list})`);
  const insert = connection.prepare(`INSERT INTO ${quoted(name)} VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of rows) insert.run(...row);
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Every value is of its column's own type, so that SQLite keeps it as it is. */
const isPlain = ({ columns, rows }: Table) =>
  rows.every((row) =>
    row.every((value, index) => {
      const type = columns[index]?.type;
      if (value === null) return true;
      return type === 'TEXT'
        ? typeof value === 'string'
        : typeof value === 'number' && (type === 'REAL' || isWhole(value));
    }),
  );

const isWhole = (value: number) => Number.isSafeInteger(value);

/* ---- reading ---- */

function factsOfDatabase(path: string, tree: Tree): Fact[] {
  return withScratchFile((file) => {
    for (const ending of ['', '-wal', '-journal']) {
      const bytes = tree.get(path + ending);
      if (bytes) writeFileSync(file + ending, bytes);
    }
    try {
      const connection = openDatabase(file);
      try {
        return [databaseFact(path), ...declaredFacts(connection, path)];
      } finally {
        connection.close();
      }
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return [databaseFact(path), declarationFact(path, 'unreadable', '', '')];
    }
  });
}

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
function valueOf(value: unknown): SqlValue {
  if (typeof value === 'bigint') return isWhole(Number(value)) ? Number(value) : `${value}`;
  if (value instanceof Uint8Array) return `x'${Buffer.from(value).toString('hex')}'`;
  return value as SqlValue;
}

function rowFacts(database: string, table: string, rows: readonly (readonly SqlValue[])[]): Fact[] {
  const counts = new Map<string, number>();
  return rows.map((row) => {
    const key = JSON.stringify(row);
    const occurrence = (counts.get(key) ?? 0) + 1;
    counts.set(key, occurrence);
    return rowFact(database, table, row, occurrence);
  });
}

/* ---- both ---- */

function openDatabase(path: string): DatabaseSync {
  // Asked for here alone: who offers no database needs no Node that brings SQLite.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
  if (!sqlite) throw new UsageError('The server sqlite needs Node 24.12 or later. Install it, or leave sqlite out.');
  return new sqlite.DatabaseSync(path);
}

function withScratchFile<T>(work: (path: string) => T): T {
  const folders = makeWorldFolders(() => undefined);
  try {
    return work(`${folders.main}/${DATABASE_FILE}`);
  } finally {
    folders.remove();
  }
}
