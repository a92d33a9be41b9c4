import type { Json, JsonObject } from '../../core/json.ts';

/** One value that a call needs: where it goes, what its schema says of it. */
export interface Leaf {
  /** Property names from the arguments' root; `0` stands for an array's only element. */
  readonly path: readonly string[];
  readonly name: string;
  readonly description: string;
  /** `object`: one that says nothing of its properties, or requires none of them. */
  readonly type: 'string' | 'number' | 'integer' | 'boolean' | 'object';
  /** The schema's own values (enum, const, booleans); empty where any value goes. */
  readonly values: readonly Json[];
  readonly fallback: Json | undefined;
  readonly least: number;
  readonly most: number;
  /** May be left out. */
  readonly isOptional: boolean;
}

const deepest = 6;

/** What is made of a schema: `required` values, or `all` that it takes to form a valid call, objects of any form included. */
export type ArgumentReach = 'required' | 'all';

/** Leaves of a schema's required properties, in its order; arrays get one element. */
export function requiredLeaves(schema: JsonObject, reach: ArgumentReach = 'required'): Leaf[] {
  return leavesOf(schema, [], '', 0, { reach, root: schema });
}

/** Leaves of optional top-level properties that hold one value. */
export function optionalLeaves(schema: JsonObject, reach: ArgumentReach = 'required'): Leaf[] {
  const required = new Set(stringsOf(schema['required']));
  return Object.entries(objectOf(schema['properties'])).flatMap(([name, property]) => {
    const leaves = required.has(name) ? [] : leavesOf(objectOf(property), [name], name, 0, { reach, root: schema });
    return leaves.length === 1 ? leaves.map((leaf) => ({ ...leaf, isOptional: true })) : [];
  });
}

interface Reading {
  readonly reach: ArgumentReach;
  /** Holds what references point at. */
  readonly root: JsonObject;
}

function leavesOf(source: JsonObject, path: readonly string[], name: string, depth: number, reading: Reading): Leaf[] {
  const isAll = reading.reach === 'all';
  const schema = alternativeOf(isAll ? referredTo(source, reading.root) : source);
  const type = typeOf(schema);
  if (depth > deepest) return [];
  if (type === 'object') {
    const properties = objectOf(schema['properties']);
    const required = stringsOf(schema['required']);
    if (required.length > 0 || path.length === 0 || !isAll)
      return required.flatMap((key) => leavesOf(objectOf(properties[key]), [...path, key], key, depth + 1, reading));
  }
  if (type === 'array') return leavesOf(objectOf(schema['items']), [...path, '0'], name, depth + 1, reading);
  if (type === 'null' && !isAll) return [];
  const values = 'const' in schema ? [schema['const']] : type === 'null' ? [null] : listOf(schema['enum']);
  return [
    {
      path,
      name,
      description: typeof schema['description'] === 'string' ? schema['description'] : '',
      type: type === 'null' ? 'string' : type,
      values: type === 'boolean' && values.length === 0 ? [true, false] : values,
      fallback: schema['default'],
      least: numberOf(schema['minimum'], -Infinity),
      most: numberOf(schema['maximum'], Infinity),
      isOptional: false,
    },
  ];
}

/** What a reference within the same schema points at, itself where it is none or leads nowhere. */
function referredTo(schema: JsonObject, root: JsonObject): JsonObject {
  const { $ref: reference, ...rest } = schema;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  const found = reference
    .slice(2)
    .split('/')
    .reduce<Json | undefined>((place, step) => objectOf(place)[step], root);
  return { ...objectOf(found), ...rest };
}

/** Of several alternatives the one with most to say that is not null: a plain string if there is one. */
function alternativeOf(schema: JsonObject): JsonObject {
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const options = listOf(schema[key]).map(objectOf);
    if (options.length === 0) continue;
    const chosen =
      options.find((option) => option['type'] === 'string') ?? options.find((option) => option['type'] !== 'null');
    return { ...schema, ...chosen };
  }
  return schema;
}

function typeOf(schema: JsonObject): Leaf['type'] | 'object' | 'array' | 'null' {
  const stated = schema['type'];
  const type = Array.isArray(stated) ? stated.find((one) => one !== 'null') : stated;
  switch (type) {
    case 'object':
    case 'array':
    case 'null':
    case 'number':
    case 'integer':
    case 'boolean':
      return type;
    default:
      return type === undefined && 'properties' in schema ? 'object' : 'string';
  }
}

/** Arguments from leaves and their values, `undefined` for those left out; arrays and objects are made on the way. */
export function buildArguments(leaves: readonly Leaf[], values: readonly (Json | undefined)[]): JsonObject {
  const root: Record<string, Json> = {};
  leaves.forEach(({ path }, i) => {
    if (values[i] === undefined) return;
    let place: Record<string, unknown> | unknown[] = root;
    path.forEach((step, depth) => {
      const isLast = depth === path.length - 1;
      const box = place as Record<string, unknown>;
      if (isLast) box[step] = values[i];
      else box[step] ??= path[depth + 1] === '0' ? [] : {};
      if (!isLast) place = box[step] as Record<string, unknown>;
    });
  });
  return root;
}

const numberOf = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;
const objectOf = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {};
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const stringsOf = (value: Json | undefined): string[] => listOf(value).filter((one) => typeof one === 'string');
