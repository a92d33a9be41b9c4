import type { Json, JsonObject } from '../../../core/json.ts';

/** White space, empty statements and comments before a statement. */
const BEFORE = /^(?:[\s;]|--[^\n]*(?:\n|$)|\/\*[\s\S]*?(?:\*\/|$))*/;

/**
 * What is wrong with a call that would open or write another file than its database, if anything. These sentences are for
 * the policy; that no such statement ever runs is seen to inside the server (processes/preload/clock.cjs).
 */
export function fileStatement({ query, schema }: JsonObject): string | undefined {
  return (
    faultOf('query', query) ??
    statementsOf(schema)
      .map((statement) => faultOf('schema', statement))
      .find(Boolean)
  );
}

function faultOf(argument: string, text: Json | undefined): string | undefined {
  if (typeof text !== 'string') return undefined;
  const statement = text.replace(BEFORE, '');
  if (/^attach\b/i.test(statement)) return `${argument} must not ATTACH a file; name the database in database_name`;
  const isCopy = /^vacuum\b/i.test(statement) && /\binto\b/i.test(statement);
  return isCopy ? `${argument} must not VACUUM INTO a file; use backup_database` : undefined;
}

/** Of a schema in JSON, where each object brings its statement; one in SQL is read for CREATE statements alone. */
function statementsOf(schema: Json | undefined): readonly (Json | undefined)[] {
  if (typeof schema !== 'string') return [];
  try {
    const { objects } = JSON.parse(schema) as { readonly objects?: readonly JsonObject[] };
    return objects?.map(({ sql }) => sql) ?? [];
  } catch {
    return [];
  }
}
