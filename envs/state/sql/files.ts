import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { messageOf, TaskFailure } from '../../../core/errors.ts';
import { databaseFact, tableFact, type Fact } from '../../../core/facts.ts';
import type { Files } from '../../../core/types.ts';
import type { Tree } from '../../server-definition.ts';
import { fileFacts } from '../files/facts.ts';
import { treeOf } from '../files/tree.ts';
import { openDatabase, quoted, withScratchFile } from './connection.ts';
import { type Database, DATABASE_FILE, isDatabaseName, type Table } from './database.ts';
import { rowFacts } from './facts.ts';

/** Where the file says which library wrote it last, and what it shall say on every machine. */
const WRITER_OFFSET = 96;
const WRITER_VERSION = 3_050_000;

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

const databaseBytes = (database: Database): Buffer =>
  bytesOf((connection) => {
    for (const [name, table] of Object.entries(database)) writeTable(connection, name, table);
  });

/** A database as statements make it, with the same bytes everywhere. */
export const madeDatabase = (statements: string): Buffer => bytesOf((connection) => connection.exec(statements));

function bytesOf(fill: (connection: DatabaseSync) => void): Buffer {
  return withScratchFile((path) => {
    const connection = openDatabase(path);
    try {
      connection.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN');
      fill(connection);
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

/** Every value is of its column's own type, so that SQLite keeps it as it is. */
const isPlain = ({ columns, rows }: Table) =>
  rows.every((row) =>
    row.every((value, index) => {
      const type = columns[index]?.type;
      if (value === null) return true;
      return type === 'TEXT'
        ? typeof value === 'string'
        : typeof value === 'number' && (type === 'REAL' || Number.isSafeInteger(value));
    }),
  );
