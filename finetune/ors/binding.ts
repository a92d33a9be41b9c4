import type { Json, JsonObject } from '../../core/json.ts';

const identifier = /^[A-Za-z_][A-Za-z0-9_]*$/;

const pythonKeywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield'
  ).split(' '),
);

/** The nearest name in Python: `_` for each character that no name may have, and behind a word of the language. */
export function pythonName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return pythonKeywords.has(plain) || plain === 'self' ? `${plain}_` : plain;
}

/** Names that trainers use themselves on the object that carries the tools. */
const trainersNames = new Set(['reset', 'get_reward']);

/**
 * Why trainers cannot make a Python method of a tool, as a phrase; undefined where they can. What they skip with a mere log
 * line, or die of when the trainer is made, is to be known before.
 */
export function bindingFault(name: string, schema: JsonObject): string | undefined {
  if (trainersNames.has(name)) return `trainers use the name ${name} themselves`;
  if (name.startsWith('_')) return 'names that begin with an underscore are hidden from models';
  const properties = Object.keys((schema['properties'] ?? {}) as JsonObject);
  const bad = [name, ...properties].find((one) => !identifier.test(one) || pythonKeywords.has(one));
  if (bad !== undefined) return `"${bad}" is no name in Python`;
  return properties.includes('self') ? 'a parameter is called self' : undefined;
}

/** Trainers send every omitted argument as null; those whose schema knows no null were meant to be absent. */
export function withoutNulls(input: JsonObject, schema: JsonObject | undefined): JsonObject {
  const properties = (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonObject | undefined>>;
  return Object.fromEntries(
    Object.entries(input).filter(
      ([key, value]) => value !== null || !(key in properties) || mayBeNull(properties[key]),
    ),
  );
}

const isAmong = (list: Json | undefined, member: Json) => Array.isArray(list) && list.includes(member);

function mayBeNull(schema: JsonObject | undefined): boolean {
  if (!schema) return false;
  const { type, enum: values, anyOf, oneOf } = schema as Record<string, Json | undefined>;
  const isOption = (list: Json | undefined) => Array.isArray(list) && list.some((one) => mayBeNull(one as JsonObject));
  return type === 'null' || isAmong(type, 'null') || isAmong(values, null) || isOption(anyOf) || isOption(oneOf);
}
