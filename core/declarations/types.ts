import { freeName, identifierOf } from '../identifiers.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { docComment, inlineComment, notesOfAny } from './notes.ts';
import { arrayOf, joined, propertyName, type Type, typed, UNKNOWN } from './type-text.ts';

/** Types of one whole schema, whose references are types of their own: a type may then speak of itself. */
export interface TypeWriter {
  /** The type of a part of the schema, its further lines behind `indent`. */
  readonly typeOf: (schema: Json | undefined, indent: string) => string;
  /** Lines `type NAME = …;` of what was referred to so far, behind `indent`. */
  readonly referred: (indent: string) => string[];
}

/** `prefix` begins the names of types, so that those of two schemas differ. What no reference of the schema's own leads to is unknown. */
export function typeWriter(root: JsonObject, prefix: string): TypeWriter {
  const names = new Map<string, string>();
  const nameOf = (reference: string): string => {
    const known = names.get(reference);
    if (known !== undefined) return known;
    const wanted = `${prefix}_${identifierOf(reference.split('/').at(-1)?.replace('#', 'whole') ?? '')}`;
    const name = freeName(wanted, new Set(names.values()));
    names.set(reference, name);
    return name;
  };
  const typeOf = (schema: Json | undefined, indent: string) => typeText(schema, indent, { root, nameOf }).text;
  return {
    typeOf,
    referred: (indent) => {
      const lines: string[] = [];
      // Writing one may refer to others, which the map then gives in turn.
      for (const [reference, name] of names)
        lines.push(`${indent}type ${name} = ${typeOf(atReference(root, reference), indent)};\n`);
      return lines;
    },
  };
}

interface Setting {
  readonly root: JsonObject;
  /** Name of the type that a reference leads to. */
  readonly nameOf: (reference: string) => string;
}

function typeText(schema: Json | undefined, indent: string, setting: Setting): Type {
  if (schema === false) return typed('never');
  if (!isJsonObject(schema)) return UNKNOWN;
  const member = (one: Json): Type => {
    const type = typeText(one, indent, setting);
    return type === UNKNOWN ? type : { ...type, text: inlineComment(notesOfAny(one)) + type.text };
  };
  const membersOf = (key: string): Type[] => listOf(schema[key]).map(member);
  const choices = ['anyOf', 'oneOf'].map(membersOf).filter((members) => members.length > 0);
  const type = joined(
    [
      referenceType(schema['$ref'], setting),
      ownType(schema, indent, setting, member),
      ...choices.map((members) => joined(members, '|')),
      ...membersOf('allOf'),
    ],
    '&',
  );
  return schema['nullable'] === true ? joined([type, typed('null')], '|') : type;
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

const referenceType = (reference: Json | undefined, { root, nameOf }: Setting): Type =>
  typeof reference === 'string' && atReference(root, reference) !== undefined ? typed(nameOf(reference)) : UNKNOWN;

type Member = (schema: Json) => Type;

const literal = (value: Json): Type => typed(JSON.stringify(value));
const simpleTypes: readonly Json[] = ['string', 'number', 'boolean', 'null'];

/** What a schema says by itself, its members and reference left out. */
function ownType(schema: JsonObject, indent: string, setting: Setting, member: Member): Type {
  if (schema['const'] !== undefined) return literal(schema['const']);
  if (Array.isArray(schema['enum'])) return joined(listOf(schema['enum']).map(literal), '|');
  const types = Array.isArray(schema['type']) ? listOf(schema['type']) : [schema['type'] ?? impliedType(schema)];
  return joined(
    types.map((type) => {
      if (type === 'object') return objectType(schema, indent, setting, member);
      if (type === 'array') return arrayType(schema, member);
      if (type === 'integer') return typed('number');
      return typeof type === 'string' && simpleTypes.includes(type) ? typed(type) : UNKNOWN;
    }),
    '|',
  );
}

function impliedType({ properties, items, prefixItems }: JsonObject): string {
  if (properties !== undefined) return 'object';
  return items === undefined && prefixItems === undefined ? 'anything' : 'array';
}

function arrayType({ items, prefixItems, additionalItems }: JsonObject, member: Member): Type {
  const first = prefixItems ?? items;
  if (!Array.isArray(first)) return arrayOf(items === undefined ? UNKNOWN : member(items));
  const rest = prefixItems ? items : additionalItems;
  const tail = rest === false ? [] : [`...${arrayOf(rest === undefined ? UNKNOWN : member(rest)).text}`];
  return typed(`[${[...listOf(first).map((one) => member(one).text), ...tail].join(', ')}]`);
}

function objectType(schema: JsonObject, indent: string, setting: Setting, member: Member): Type {
  const { properties, required, additionalProperties } = schema;
  const others = isJsonObject(additionalProperties)
    ? typed(`Record<string, ${member(additionalProperties).text}>`)
    : UNKNOWN;
  if (!isJsonObject(properties) || Object.keys(properties).length === 0) {
    if (others !== UNKNOWN) return others;
    // What members or a reference say of an object is more than that it is one.
    if (['anyOf', 'oneOf', 'allOf', '$ref'].some((key) => schema[key] !== undefined)) return UNKNOWN;
    return typed(additionalProperties === false ? '{}' : 'Record<string, unknown>');
  }
  const needed = new Set(listOf(required));
  const inner = `${indent}  `;
  const lines = Object.entries(properties).map(([name, one]) => {
    const type = typeText(one, inner, setting).text;
    return `${docComment(notesOfAny(one), inner)}${inner}${propertyName(name)}${needed.has(name) ? '' : '?'}: ${type};\n`;
  });
  return joined([typed(`{\n${lines.join('')}${indent}}`), others], '&');
}

/** What a JSON Pointer within the schema leads to; undefined where that is nothing, or where a reference leads out of the schema. */
function atReference(root: JsonObject, reference: string): Json | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  let at: Json | undefined = root;
  for (const step of reference.split('/').slice(1)) {
    const key = decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(at)) at = listOf(at)[Number(key)];
    else at = isJsonObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

/** A step whose `%` stands for itself is taken as it is. */
function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
