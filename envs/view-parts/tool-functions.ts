import type { Json } from '../../core/json.ts';
import { toolLine } from '../../core/tokens/template.ts';
import type { Action, FunctionCalls, MetaTool, Tool, Toolspace, View } from '../../core/types.ts';
import { functionNames } from './function-names.ts';
import { finish } from './meta-tools.ts';

/** Every tool of a toolspace as a function of its own. */
export interface ToolFunctions extends FunctionCalls {
  /** The functions, in the order of the tools, and `finish`. */
  readonly offered: readonly MetaTool[];
  /** The parts of the rendered list, a server each. */
  readonly schemas: View['schemas'];
  readonly has: (name: string) => boolean;
  /** What is to be told of names before a run. */
  readonly notes: readonly string[];
}

const made = new WeakMap<Toolspace, ToolFunctions>();

/** Made once per toolspace. Throws `UsageError` like `functionNames`. */
export function toolFunctions(toolspace: Toolspace): ToolFunctions {
  const known = made.get(toolspace);
  if (known) return known;
  const functions = makeFunctions(toolspace);
  made.set(toolspace, functions);
  return functions;
}

function makeFunctions({ servers, tools }: Toolspace): ToolFunctions {
  const { nameOf, notes } = functionNames(tools);
  const ofServer = Map.groupBy(tools, ({ server }) => server);
  const groups = servers.flatMap(({ name }) => {
    const offered = (ofServer.get(name) ?? []).map((tool) => functionOf(tool, nameOf(tool)));
    return offered.length === 0 ? [] : [{ server: name, offered }];
  });
  const toolOf = new Map(tools.map((tool) => [nameOf(tool), tool]));
  const names = new Map(tools.map((tool) => [keyOf(tool.server, tool.name), nameOf(tool)]));
  return {
    offered: [...groups.flatMap(({ offered }) => offered), finish],
    schemas: groups.map(({ server, offered }) => ({ server, text: offered.map(toolLine).join('') })),
    has: (name) => toolOf.has(name) || name === finish.name,
    notes,
    written: (action) => {
      const { server, tool, arguments: args = {} } = action.name === 'call_tool' ? objectOf(action.arguments) : {};
      const name = names.get(keyOf(server, tool));
      return name === undefined ? action : { name, arguments: args as Action['arguments'] };
    },
    meant: (action) => {
      const tool = toolOf.get(action.name);
      if (!tool) return action;
      return { name: 'call_tool', arguments: { server: tool.server, tool: tool.name, arguments: action.arguments } };
    },
  };
}

const functionOf = ({ description, inputSchema }: Tool, name: string): MetaTool => ({ name, description, inputSchema });

const keyOf = (server: Json | undefined, tool: Json | undefined): string => JSON.stringify([server, tool]);

/** Policies may hand in anything. */
const objectOf = (value: Action['arguments'] | null): Action['arguments'] => value ?? {};
