import { identifierOf, identifiersOf } from '../identifiers.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Tool } from '../types.ts';
import { docComment } from './notes.ts';
import { typeWriter } from './types.ts';

/** A tool, and the JSON Schema of what a program gets from one without an output schema, where that is known. */
export interface DeclaredTool extends Tool {
  readonly resultShape?: JsonObject;
}

/** What programs call servers, and tools of a server. */
export interface ProgramNames {
  readonly server: (name: string) => string;
  readonly tool: (server: string, name: string) => string;
}

/**
 * Tools as TypeScript declarations with doc comments, a namespace for each server in the order of its first tool. A function takes
 * its arguments as one object and promises what its results look like, or `unknown`. `names`: those of a toolspace of which these tools are
 * a part; absent: they are all there is.
 */
export function declarationsOf(tools: readonly DeclaredTool[], names: ProgramNames = programNames(tools)): string {
  return [...Map.groupBy(tools, ({ server }) => server)]
    .map(([server, ofServer]) => {
      const functions = ofServer.map((tool) => functionOf(tool, names.tool(server, tool.name)));
      return `declare namespace ${names.server(server)} {\n${functions.join('')}}\n`;
    })
    .join('');
}

/** Names among these tools; `servers`: all servers in their order, where some have no tools here. */
export function programNames(
  tools: readonly Pick<Tool, 'server' | 'name'>[],
  servers: readonly string[] = tools.map(({ server }) => server),
): ProgramNames {
  const ofServers = identifiersOf(servers);
  const ofTools = new Map(
    [...Map.groupBy(tools, ({ server }) => server)].map(([server, some]) => [
      server,
      identifiersOf(some.map(({ name }) => name)),
    ]),
  );
  return {
    server: (name) => ofServers.get(name) ?? identifierOf(name),
    tool: (server, name) => ofTools.get(server)?.get(name) ?? identifierOf(name),
  };
}

function functionOf(tool: DeclaredTool, name: string): string {
  const { inputSchema, outputSchema, resultShape } = tool;
  const shape = outputSchema ?? resultShape;
  const input = typeWriter(inputSchema, name);
  const output = typeWriter(shape ?? {}, `${name}_result`);
  const [parameter, result] = [parameterOf(inputSchema, input.typeOf), output.typeOf(shape, INDENT)];
  return [
    ...input.referred(INDENT),
    ...output.referred(INDENT),
    docComment(tool.description.trim(), INDENT),
    `${INDENT}function ${name}(${parameter}): Promise<${result}>;\n`,
  ].join('');
}

const INDENT = '  ';

/** The type of a tool's arguments as it stands in its declaration, for counting it by itself. */
export const argumentsType = (schema: JsonObject): string => parameterOf(schema, typeWriter(schema, 'tool').typeOf);

/** Nothing for a tool that takes nothing; the arguments as a whole are optional where each of them is. */
function parameterOf(schema: JsonObject, typeOf: ReturnType<typeof typeWriter>['typeOf']): string {
  const { properties, required, additionalProperties } = schema;
  const isChoice = ['anyOf', 'oneOf', 'allOf', '$ref'].some((key) => schema[key] !== undefined);
  const isEmpty = !isJsonObject(properties) || Object.keys(properties).length === 0;
  if (isEmpty && !isChoice && !isJsonObject(additionalProperties)) return '';
  const isOptional = !isChoice && !(Array.isArray(required) && required.length > 0);
  return `args${isOptional ? '?' : ''}: ${typeOf(schema, INDENT)}`;
}
