import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import type { Tool } from '../../../core/types.ts';
import type { OwnTask } from '../format.ts';
import { gap } from '../gaps.ts';

/**
 * A task on one server, made of its tools' schemas alone: the call of one of them, with gaps where only the user can say what is
 * meant. `null` where there is no tool.
 */
export function exampleOf(server: string, tools: readonly Tool[]): OwnTask | null {
  const tool = simplest(tools);
  if (!tool) return null;
  const args = requiredOf(tool.inputSchema, 0);
  const call = { server, tool: tool.name, ...(Object.keys(args).length > 0 ? { arguments: args } : {}) };
  return {
    id: draftId(server, tool.name),
    prompt: gap(`ask, in your own words, for something that needs the tool ${tool.name}`),
    servers: [server],
    checks: [
      { called: { server, tool: tool.name } },
      ...(isReader(tool) ? [{ result: call, contains: gap(`the value that ${tool.name} must return`) }] : []),
      { answer: { contains: gap('what a right answer contains; delete this check if the task needs no answer') } },
    ],
    plan: [call],
    answer: gap('the answer that goes with the plan; leave it out with the check above'),
  };
}

/** As ids of tasks may be. */
export const draftId = (...parts: readonly string[]): string =>
  parts
    .join('-')
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 100) || 'task';

/** What only reads, as far as it says so or is called so, and then what needs the fewest arguments. */
const simplest = (tools: readonly Tool[]): Tool | undefined => tools.toSorted((a, b) => rank(a) - rank(b))[0];

const rank = (tool: Tool): number => (isReader(tool) ? 0 : 1_000) + requiredNames(tool.inputSchema).length;

/** Whether a tool only reads, as it says itself or else as its name does. */
export const isReader = ({ name, annotations }: Tool): boolean =>
  typeof annotations?.['readOnlyHint'] === 'boolean'
    ? annotations['readOnlyHint']
    : /(?:^|[_.-])(?:get|list|read|search|find|fetch|query|count|show|describe|lookup|info|status|log)(?![a-z])/i.test(
        name,
      );

const requiredNames = ({ required }: JsonObject): string[] =>
  Array.isArray(required) ? required.filter((one) => typeof one === 'string') : [];

const DEEPEST = 4;

function requiredOf(schema: JsonObject, depth: number): JsonObject {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  return Object.fromEntries(
    requiredNames(schema).map((name) => {
      const own = properties[name];
      return [name, valueOf(name, isJsonObject(own) ? own : {}, depth)];
    }),
  );
}

/** What the schema itself offers, else the plainest value of its type; a text is left to the user. */
function valueOf(name: string, schema: JsonObject, depth: number): Json {
  const { const: constant, default: usual, examples, enum: choices, description, type } = schema;
  const offered = [constant, usual, ...listOf(examples), ...listOf(choices)].find((one) => one !== undefined);
  if (offered !== undefined) return offered;
  const [alternative] = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])];
  if (isJsonObject(alternative)) return valueOf(name, alternative, depth);
  const kind = Array.isArray(type) ? type[0] : type;
  if (kind === 'integer' || kind === 'number') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
  if (kind === 'boolean') return false;
  if (kind === 'null') return null;
  if (kind === 'object' && depth < DEEPEST) return requiredOf(schema, depth + 1);
  if (kind === 'array') {
    const { items, minItems } = schema;
    return typeof minItems === 'number' && minItems > 0 && depth < DEEPEST
      ? [valueOf(name, isJsonObject(items) ? items : {}, depth + 1)]
      : [];
  }
  return gap(typeof description === 'string' && description !== '' ? `${name}: ${description}` : name);
}

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
