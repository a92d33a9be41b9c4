import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { valueOf } from './json-calls.ts';
import { propertiesOf, schemaOf, type Functions } from './text-call.ts';
import type { PythonCall } from './python-literal.ts';

/** Arguments whose values were written without quotation marks: the schema says what is a text. */
export function typedArguments(
  name: string,
  written: readonly (readonly [string, string])[],
  functions: Functions,
): JsonObject {
  const properties = propertiesOf(schemaOf(name, functions));
  return Object.fromEntries(written.map(([key, value]) => [key, typed(value, properties[key])]));
}

function typed(written: string, schema: Json | undefined): Json {
  const type = isJsonObject(schema) ? schema['type'] : undefined;
  const value = valueOf(written.trim());
  if (type === 'string' || value === undefined) return written;
  // Without a schema nobody can tell 42 from "42": a text is what would be lost.
  if (type === undefined && (typeof value === 'number' || typeof value === 'string')) return written;
  return value;
}

/** Arguments of a call in Python; those without a name are the schema's, in its order. Null where there are more than these. */
export function pythonArguments({ name, positional, keywords }: PythonCall, functions: Functions): JsonObject | null {
  const names = Object.keys(propertiesOf(schemaOf(name, functions)));
  if (positional.length > names.length) return null;
  return { ...Object.fromEntries(positional.map((value, index) => [names[index] as string, value])), ...keywords };
}
