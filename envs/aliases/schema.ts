import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';

/** Keywords whose schemas speak of the same arguments. */
const sameArguments = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'then', 'else'];
/** Keywords whose values are arguments, or a list of such. */
const argumentValues = ['default', 'const', 'examples', 'enum'];
/** Keywords that speak of arguments by a pattern of their names, or elsewhere. */
const bySomethingElse = ['$ref', '$dynamicRef', 'patternProperties', 'propertyNames'];

/** Names of a tool's parameters, in their order; where its schema speaks of them by a pattern or elsewhere they have to stay. */
export function parametersOf(schema: JsonObject): {
  readonly names: readonly string[];
  readonly canBeRenamed: boolean;
} {
  const parts = partsOf(schema);
  const names = parts.flatMap(({ properties }) => (isJsonObject(properties) ? Object.keys(properties) : []));
  const canBeRenamed = !parts.some((part) => bySomethingElse.some((keyword) => keyword in part));
  return { names: [...new Set(names)], canBeRenamed };
}

/** A schema and those within it that are about the same arguments. */
const partsOf = (schema: JsonObject): readonly JsonObject[] => [
  schema,
  ...[...sameArguments, 'dependentSchemas', 'dependencies'].flatMap((keyword) => {
    const value = schema[keyword];
    const within = Array.isArray(value)
      ? (value as readonly Json[])
      : isJsonObject(value) && keyword.startsWith('depend')
        ? Object.values(value)
        : [value];
    return within.flatMap((one) => (isJsonObject(one) ? partsOf(one) : []));
  }),
];

export interface RenamedParameters {
  /** What each is called instead; those first that are to be shown first. */
  readonly parameters: readonly (readonly [parameter: string, alias: string])[];
  /** What its schema says in words, of the schema of one parameter. */
  readonly described: (property: Json, parameter: string) => Json;
  /** The same of what speaks of no single parameter: title, description, definitions. */
  readonly aside: (part: JsonObject) => JsonObject;
}

/** A tool's schema with its parameters called otherwise and shown in another order; what is nested in them keeps its names. */
export function renamedSchema(schema: JsonObject, { parameters, described, aside }: RenamedParameters): JsonObject {
  const aliases = new Map(parameters);
  const aliasOf = (name: string) => aliases.get(name) ?? name;
  const order = new Map(parameters.map(([name], place) => [name, place]));
  const byName = (value: JsonObject, valueOf: (one: Json, name: string) => Json): JsonObject => {
    const entries = Object.entries(value).sort(
      ([a], [b]) => (order.get(a) ?? order.size) - (order.get(b) ?? order.size),
    );
    return Object.fromEntries(entries.map(([name, one]) => [aliasOf(name), valueOf(one, name)]));
  };
  const listed = (value: Json): Json =>
    Array.isArray(value) ? value.map((one: Json) => (typeof one === 'string' ? aliasOf(one) : one)) : value;
  const argued = (value: Json): Json => {
    if (Array.isArray(value)) return value.map((one: Json) => argued(one));
    return isJsonObject(value) ? byName(value, (one) => one) : value;
  };
  const renamed = (part: Json): Json => {
    if (!isJsonObject(part)) return listed(part);
    return Object.fromEntries(
      Object.entries(part).flatMap(([keyword, value]): [string, Json][] => {
        if (keyword === 'required') return [[keyword, listed(value)]];
        if (argumentValues.includes(keyword)) return [[keyword, argued(value)]];
        if (sameArguments.includes(keyword))
          return [[keyword, Array.isArray(value) ? value.map((one: Json) => renamed(one)) : renamed(value)]];
        if (isJsonObject(value)) {
          if (keyword === 'properties') return [[keyword, byName(value, described)]];
          if (keyword === 'dependentRequired') return [[keyword, byName(value, listed)]];
          if (keyword === 'dependentSchemas' || keyword === 'dependencies') return [[keyword, byName(value, renamed)]];
        }
        return Object.entries(aside({ [keyword]: value }));
      }),
    );
  };
  return withReferences(renamed(schema), aliasOf) as JsonObject;
}

/** References such as `#/properties/edits/items` lead to where the parameter stands now. */
function withReferences(value: Json, aliasOf: (name: string) => string): Json {
  if (Array.isArray(value)) return value.map((one: Json) => withReferences(one, aliasOf));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([keyword, one]) => [
      keyword,
      keyword === '$ref' && typeof one === 'string'
        ? one.replace(/^#\/properties\/([^/]+)/, (_, name: string) => `#/properties/${aliasOf(name)}`)
        : withReferences(one, aliasOf),
    ]),
  );
}
