import type { JsonObject } from '../../../core/json.ts';

/** White space, empty statements and comments before a statement. */
const BEFORE = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*/;

/** What is wrong with a call that would open or write another file than its database, if anything. */
export function fileStatement({ query }: JsonObject): string | undefined {
  if (typeof query !== 'string') return undefined;
  const statement = query.replace(BEFORE, '');
  if (/^attach\b/i.test(statement)) return 'query must not ATTACH a file; name the database in database_name';
  const isCopy = /^vacuum\b/i.test(statement) && /\binto\b/i.test(statement);
  return isCopy ? 'query must not VACUUM INTO a file; use backup_database' : undefined;
}
