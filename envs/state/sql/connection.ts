import type { DatabaseSync } from 'node:sqlite';
import { UsageError } from '../../../core/errors.ts';
import { makeWorldFolders } from '../../world-folders.ts';
import { DATABASE_FILE } from './database.ts';

export function openDatabase(path: string): DatabaseSync {
  // Asked for here alone: who offers no database needs no Node that brings SQLite.
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
  if (!sqlite) throw new UsageError('The server sqlite needs Node 24.12 or later. Install it, or leave sqlite out.');
  return new sqlite.DatabaseSync(path);
}

/** Works with a database file that is thrown away afterwards. */
export function withScratchFile<T>(work: (path: string) => T): T {
  const folders = makeWorldFolders(() => undefined);
  try {
    return work(`${folders.main}/${DATABASE_FILE}`);
  } finally {
    folders.remove();
  }
}

/** A name as SQL says it. */
export const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
