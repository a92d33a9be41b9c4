import type { Options } from 'ajv';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/**
 * Patterns as servers write them: with flag u where they are legal so, which alone knows `\p{L}`; without it else, where
 * `\-` is legal; and one that is not JavaScript's at all refuses nothing, since the server itself will.
 */
export const lenientPattern: NonNullable<NonNullable<Options['code']>['regExp']> = Object.assign(
  (pattern: string) => regularExpression(pattern, 'u') ?? regularExpression(pattern, '') ?? /(?:)/,
  { code: 'lenientPattern' },
);

function regularExpression(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

/** Where schemas stand by name, so that the names are no keywords. */
const NAMED_SCHEMAS = new Set([
  'properties',
  'dependencies',
  'patternProperties',
  'definitions',
  '$defs',
  'dependentSchemas',
]);
/** Values, in which nothing is a keyword. */
const VALUES = new Set(['const', 'default', 'enum', 'example', 'examples']);

/**
 * A schema with what older drafts wrote otherwise in the words of today: draft 4's `id` and its limits that `true` makes
 * exclusive, draft 3's `required: true` on a property, OpenAPI's `nullable`.
 */
export function modernised(schema: JsonObject): JsonObject {
  const rest: Record<string, Json> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'id' || key === '$id' || key === '$schema' || key === 'nullable') continue;
    if (NAMED_SCHEMAS.has(key) && isJsonObject(value))
      rest[key] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, inner(one)]));
    else rest[key] = VALUES.has(key) ? value : inner(value);
  }
  for (const [limit, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const isExclusive = rest[exclusive];
    if (typeof isExclusive !== 'boolean') continue;
    delete rest[exclusive];
    const bound = rest[limit];
    if (!isExclusive || bound === undefined) continue;
    delete rest[limit];
    rest[exclusive] = bound;
  }
  if (typeof rest['required'] === 'boolean') delete rest['required'];
  if (schema['nullable'] === true && typeof rest['type'] === 'string') rest['type'] = [rest['type'], 'null'];
  return rest;
}

function inner(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(inner);
  return isJsonObject(value) ? modernised(value) : value;
}
