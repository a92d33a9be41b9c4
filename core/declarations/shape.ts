import { isJsonObject, type Json, type JsonObject } from '../json.ts';

/** Levels of objects and lists that a shape tells apart, and names that it lists of one object. */
const DEEPEST = 4;
const MOST_NAMES = 30;

/**
 * The JSON Schema of what these values have in common: types, names and what stands below them, to a bounded depth. A name that not
 * every object has is optional; objects whose names are data (paths, ids, columns) are maps. Values that are all `null` say nothing.
 * The same for the same values in any order.
 */
export function shapeOf(values: readonly Json[], levels: number = DEEPEST): JsonObject {
  const types = [...new Set(values.map(typeOf))].sort();
  if (types.join() === 'null') return {};
  const objects = values.filter(isJsonObject);
  const lists = values.filter((value): value is readonly Json[] => Array.isArray(value));
  return {
    type: types.length === 1 ? (types[0] as string) : types,
    ...(objects.length === 0 || levels === 0 ? {} : objectShape(objects, levels - 1)),
    ...(levels === 0 ? {} : listShape(lists.flat(), levels - 1)),
  };
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function objectShape(objects: readonly JsonObject[], levels: number): JsonObject {
  const names = [...new Set(objects.flatMap(Object.keys))].sort();
  const valuesOf = (name: string) => objects.flatMap((one) => (Object.hasOwn(one, name) ? [one[name] as Json] : []));
  const required = names.filter((name) => objects.every((one) => Object.hasOwn(one, name)));
  if (names.length === 0) return {};
  if (required.length === 0 || names.length > MOST_NAMES || names.some(isData))
    return { additionalProperties: shapeOf(names.flatMap(valuesOf), levels) };
  return { properties: Object.fromEntries(names.map((name) => [name, shapeOf(valuesOf(name), levels)])), required };
}

const listShape = (items: readonly Json[], levels: number): JsonObject =>
  items.length === 0 ? {} : { items: shapeOf(items, levels) };

/** Nobody calls a field so: it names a file, a day, an item. */
const isData = (name: string): boolean => !/^[$A-Za-z_][\w$-]{0,39}$/.test(name);
