import { isJsonObject, type Json } from '../../core/json.ts';

/** What the texts of a schema say instead. */
export interface SchemaTexts {
  /** Title of what the schema is about, where it has one; undefined: that is made by `titled`, as those of what is nested in it. */
  readonly title: string | undefined;
  readonly titled: (text: string) => string;
  readonly described: (text: string) => string;
}

/** Keywords whose values are schemas by name: each of these is about something else. */
const schemasByName: ReadonlySet<string> = new Set([
  'properties',
  'patternProperties',
  '$defs',
  'definitions',
  'dependentSchemas',
]);

/** Keywords whose values are no schemas. */
const literal: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples', 'required']);

/** A schema whose titles and descriptions say something else; everything else in it stays. */
export function withSchemaTexts(schema: Json, texts: SchemaTexts): Json {
  if (Array.isArray(schema)) return schema.map((one: Json) => withSchemaTexts(one, texts));
  if (!isJsonObject(schema)) return schema;
  const { title, titled, described } = texts;
  const nested = { ...texts, title: undefined };
  const valueOf = (keyword: string, value: Json): Json => {
    if (literal.has(keyword)) return value;
    if (schemasByName.has(keyword) && isJsonObject(value)) {
      const named = Object.entries(value).map(([name, one]) => [name, withSchemaTexts(one, nested)] as const);
      return Object.fromEntries(named);
    }
    // A list is of choices of the same thing.
    if (typeof value !== 'string') return withSchemaTexts(value, Array.isArray(value) ? texts : nested);
    if (keyword === 'title') return title ?? titled(value);
    return keyword === 'description' ? described(value) : value;
  };
  return Object.fromEntries(Object.entries(schema).map(([keyword, value]) => [keyword, valueOf(keyword, value)]));
}
