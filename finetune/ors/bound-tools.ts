import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Action, MetaTool } from '../../core/types.ts';
import { bindingFault, pythonName, withoutNulls } from './binding.ts';

/** The functions of an episode as trainers bind them: under names of Python, and their parameters too. */
export interface BoundTools {
  /** What `GET /tools` says of each. */
  readonly specs: readonly JsonObject[];
  /** Why trainers cannot bind some of them, a phrase each that begins with the function; these keep their own names. */
  readonly faults: readonly string[];
  /** The view's call that a client's call means. Names of the view are understood too, since its own sentences use them. */
  readonly meant: (action: Action) => Action;
}

const made = new WeakMap<readonly MetaTool[], BoundTools>();

/** Made once per list, which views make once per toolspace. */
export function boundTools(tools: readonly MetaTool[]): BoundTools {
  const known = made.get(tools);
  if (known) return known;
  const bound = bindAll(tools);
  made.set(tools, bound);
  return bound;
}

/** One function; `written` has the view's name for each parameter that is called otherwise. */
interface BoundTool {
  readonly tool: MetaTool;
  readonly name: string;
  readonly inputSchema: JsonObject;
  readonly written: ReadonlyMap<string, string>;
  readonly fault?: string;
}

function bindAll(tools: readonly MetaTool[]): BoundTools {
  const uses = Map.groupBy(tools, ({ name }) => pythonName(name));
  const all = tools.map((tool): BoundTool => {
    const others = (uses.get(pythonName(tool.name)) ?? []).filter((one) => one !== tool);
    const [other] = others;
    return other ? unbound(tool, `${other.name} would have the same name in Python`) : bind(tool);
  });
  const byName = new Map(all.flatMap((one) => [[one.tool.name, one] as const, [one.name, one] as const]));
  return {
    specs: all.map(({ tool: { description }, name, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    })),
    faults: all.flatMap(({ tool, fault }) => (fault === undefined ? [] : [`${tool.name}: ${fault}`])),
    meant: (action) => {
      const bound = byName.get(action.name);
      if (!bound) return action;
      const given = Object.entries(action.arguments).map(([key, value]) => [bound.written.get(key) ?? key, value]);
      const { name, inputSchema } = bound.tool;
      return { name, arguments: withoutNulls(Object.fromEntries(given) as JsonObject, inputSchema) };
    },
  };
}

function bind(tool: MetaTool): BoundTool {
  const properties = Object.entries((tool.inputSchema['properties'] ?? {}) as JsonObject);
  const names = new Map(properties.map(([property]) => [property, pythonName(property)]));
  const name = pythonName(tool.name);
  const inputSchema = renamed(tool.inputSchema, names);
  const isTwice = new Set(names.values()).size < names.size;
  const fault = isTwice ? 'two parameters would have the same name in Python' : bindingFault(name, inputSchema);
  if (fault !== undefined) return unbound(tool, fault);
  const others = [...names].filter(([property, bound]) => property !== bound);
  return { tool, name, inputSchema, written: new Map(others.map(([property, bound]) => [bound, property])) };
}

const unbound = (tool: MetaTool, fault: string): BoundTool => ({
  tool,
  name: tool.name,
  inputSchema: tool.inputSchema,
  written: new Map(),
  fault,
});

/** The same schema where no name is another one. Names stand in `properties` and `required`; trainers read no others. */
function renamed(schema: JsonObject, names: ReadonlyMap<string, string>): JsonObject {
  if ([...names].every(([property, bound]) => property === bound)) return schema;
  const nameOf = (name: Json): Json => (typeof name === 'string' ? (names.get(name) ?? name) : name);
  const { properties, required } = schema;
  const list = isJsonObject(properties) ? Object.entries(properties) : [];
  return {
    ...schema,
    properties: Object.fromEntries(list.map(([property, value]) => [nameOf(property), value])),
    ...(Array.isArray(required) ? { required: (required as readonly Json[]).map(nameOf) } : {}),
  };
}
