import type { ToolNames } from '../../core/alias-types.ts';
import { withParameters } from '../../core/aliases/named-in-text.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { shownAs } from '../result-shapes/result-shapes.ts';
import { capitalised, partsOfName } from './names.ts';
import { withSchemaTexts, type SchemaTexts } from './schema-texts.ts';
import { renamedSchema } from './schema.ts';

/** Says a description in other words: of a server, a tool of it, or a parameter of that, as `place` has their real names. */
export type SayOtherwise = (text: string, withAliases: (text: string) => string, ...place: readonly string[]) => string;

interface ShownBy {
  readonly serverAlias: string;
  readonly names: ToolNames;
  /** Makes texts of the tool's server say aliases of tools and servers. */
  readonly inText: (text: string) => string;
  readonly say: SayOtherwise;
}

/** A tool under the names that were drawn for it: in its texts, in its schemas and in titles, which schemas may hold, too. */
export function aliasedTool(tool: Tool, { serverAlias, names, inText, say }: ShownBy): Tool {
  const { server, name, title, annotations, inputSchema, outputSchema } = tool;
  const withAliases = withParameters(inText, names);
  const textsOf = (real: string, alias: string, ...place: readonly string[]): SchemaTexts => {
    const same = { title: undefined, titled: withAliases, described: withAliases };
    if (alias === real) return same;
    return { ...same, title: titleOf(alias), described: (text) => say(text, withAliases, ...place) };
  };
  const ofTool = textsOf(name, names.alias, server, name);
  const aside = textsOf(name, names.alias, server, name, '');
  const aliases = new Map(names.parameters);
  return shownAs(tool, {
    ...tool,
    server: serverAlias,
    name: names.alias,
    description: ofTool.described(tool.description),
    inputSchema: renamedSchema(inputSchema, {
      parameters: names.parameters,
      described: (property, parameter) =>
        withSchemaTexts(property, textsOf(parameter, aliases.get(parameter) ?? parameter, server, name, parameter)),
      aside: (part) => withSchemaTexts(part, aside) as JsonObject,
    }),
    // What results look like stays, and so do the words for it.
    ...(outputSchema
      ? { outputSchema: withSchemaTexts(outputSchema, { ...ofTool, described: withAliases }) as JsonObject }
      : {}),
    ...(title === undefined ? {} : { title: ofTool.title ?? title }),
    ...(annotations?.['title'] === undefined
      ? {}
      : { annotations: { ...annotations, title: ofTool.title ?? annotations['title'] } }),
  });
}

const titleOf = (alias: string): string => capitalised(partsOfName(alias).join(' '));
