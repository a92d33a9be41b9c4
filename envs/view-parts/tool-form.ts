import { declarationsOf, type ProgramNames, programNames } from '../../core/declarations/declarations.ts';
import type { Tool, Toolspace } from '../../core/types.ts';
import { withResultShape } from '../result-shapes/result-shapes.ts';
import { schemaText, toolIndex } from './tool-index.ts';

/** Where tools are shown: among which, and beside which that came in mid-episode. */
export interface ShownAmong {
  readonly toolspace: Toolspace;
  readonly loaded: readonly Tool[];
}

/** How tools stand in a context. */
export interface ToolForm {
  /** Tools of one server. */
  readonly ofServer: (tools: readonly Tool[], among: ShownAmong) => string;
  /** Tools of any servers, in parts of one server each, to be joined by line breaks. */
  readonly ofAny: (
    tools: readonly Tool[],
    among: ShownAmong,
  ) => readonly { readonly server: string; readonly text: string }[];
  /** A tool by its name alone. */
  readonly nameOf: (tool: Tool, among: ShownAmong) => string;
}

/** As JSON Schema, a line each, for a policy that calls tools by their own names. */
export const inSchemas: ToolForm = {
  ofServer: (tools) => tools.map(schemaText).join('\n'),
  ofAny: (tools) =>
    tools.map((tool) => ({
      server: tool.server,
      text: `{"server":${JSON.stringify(tool.server)},${schemaText(tool).slice(1)}`,
    })),
  nameOf: ({ server, name }) => `${server} ${name}`,
};

/** As TypeScript declarations with what results look like, for a policy that calls tools from programs alone. */
export const inDeclarations: ToolForm = {
  ofServer: (tools, among) => declared(tools, namesAmong(among, tools)),
  ofAny: (tools, among) => {
    const names = namesAmong(among, tools);
    return [...Map.groupBy(tools, ({ server }) => server)].map(([server, ofServer]) => ({
      server,
      text: declared(ofServer, names),
    }));
  },
  nameOf: (tool, among) => {
    const names = namesAmong(among, [tool]);
    return `${names.server(tool.server)}.${names.tool(tool.server, tool.name)}`;
  },
};

const declared = (tools: readonly Tool[], names: ProgramNames): string =>
  declarationsOf(tools.map(withResultShape), names).trimEnd();

const ofToolspace = new WeakMap<Toolspace, ProgramNames>();

/** The names by which programs reach tools: those of the toolspace first, whatever came later. */
function namesAmong({ toolspace, loaded }: ShownAmong, tools: readonly Tool[]): ProgramNames {
  const known = toolIndex(toolspace).tools;
  const servers = toolspace.servers.map(({ name }) => name);
  const later = [...loaded, ...tools].filter(({ server, name }) => !known.get(server)?.has(name));
  if (later.length > 0) return programNames([...toolspace.tools, ...later], servers);
  const names = ofToolspace.get(toolspace) ?? programNames(toolspace.tools, servers);
  ofToolspace.set(toolspace, names);
  return names;
}
