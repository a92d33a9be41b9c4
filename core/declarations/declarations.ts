import { identifiersOf } from '../identifiers.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Tool } from '../types.ts';
import { docComment } from './notes.ts';
import { typeWriter } from './types.ts';

/**
 * Tools as TypeScript declarations with doc comments, a namespace for each server in the order of its first tool. A function takes
 * its arguments as one object and promises what the tool's output schema says, or `unknown`.
 */
export function declarationsOf(tools: readonly Tool[]): string {
  const servers = [...Map.groupBy(tools, ({ server }) => server)];
  const names = identifiersOf(servers.map(([server]) => server));
  return servers
    .map(([server, ofServer]) => `declare namespace ${names.get(server)} {\n${functionsOf(ofServer).join('')}}\n`)
    .join('');
}

function functionsOf(tools: readonly Tool[]): string[] {
  const names = identifiersOf(tools.map(({ name }) => name));
  return tools.map((tool) => {
    const name = names.get(tool.name) ?? tool.name;
    const input = typeWriter(tool.inputSchema, name);
    const output = typeWriter(tool.outputSchema ?? {}, `${name}_result`);
    const [parameter, result] = [parameterOf(tool.inputSchema, input.typeOf), output.typeOf(tool.outputSchema, INDENT)];
    return [
      ...input.referred(INDENT),
      ...output.referred(INDENT),
      docComment(tool.description.trim(), INDENT),
      `${INDENT}function ${name}(${parameter}): Promise<${result}>;\n`,
    ].join('');
  });
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
