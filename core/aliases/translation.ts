import type { NamedCall, Names, ServerNames, ToolNames } from '../alias-types.ts';
import type { Json } from '../json.ts';
import { patternText } from '../pattern-text.ts';
import { WORLD_ROOT } from '../world-root.ts';

/** Between real names and those that a policy is shown. What has no alias keeps its name. */
export interface Translation {
  readonly names: Names;
  /** A call by aliases, of a call by real names. */
  readonly aliasedCall: <Call extends NamedCall>(call: Call) => Call;
  /**
   * The call by real names that one by aliases means. Arguments that only the real tool would know are left out: `unknown` names
   * them.
   */
  readonly realCall: (call: NamedCall) => NamedCall & { readonly unknown: readonly string[] };
  readonly realServer: (alias: string) => string;
  readonly toolNames: (alias: { readonly server: string; readonly tool: string }) => ToolNames | undefined;
  /**
   * A text in which the folder `/world/SERVER` of each server is that of its alias. Its own inverse: what was written in one direction is read
   * unchanged in the other.
   */
  readonly swapFolders: (text: string) => string;
}

export function translationOf(names: Names): Translation {
  const byReal = new Map(names.map((one) => [one.server, one]));
  const byAlias = new Map(names.map((one) => [one.alias, one]));
  const toolsByReal = new Map(names.map((one) => [one.server, new Map(one.tools.map((tool) => [tool.tool, tool]))]));
  const toolsByAlias = new Map(names.map((one) => [one.alias, new Map(one.tools.map((tool) => [tool.alias, tool]))]));
  const swapFolders = folderSwap(names);
  return {
    names,
    swapFolders,
    aliasedCall: (call) => {
      const tool = toolsByReal.get(call.server)?.get(call.tool);
      const aliases = new Map(tool?.parameters);
      return {
        ...call,
        server: byReal.get(call.server)?.alias ?? call.server,
        tool: tool?.alias ?? call.tool,
        arguments: renamed(call.arguments, (key) => aliases.get(key) ?? key, swapFolders),
      };
    },
    realCall: ({ server, tool: called, arguments: args }) => {
      const tool = toolsByAlias.get(server)?.get(called);
      const reals = new Map(tool?.parameters.map(([parameter, alias]) => [alias, parameter]));
      const hidden = new Set(tool?.parameters.flatMap(([parameter]) => (reals.has(parameter) ? [] : [parameter])));
      const known = Object.entries(args).filter(([key]) => !hidden.has(key));
      return {
        server: byAlias.get(server)?.server ?? server,
        tool: tool?.tool ?? called,
        arguments: renamed(Object.fromEntries(known), (key) => reals.get(key) ?? key, swapFolders),
        unknown: Object.keys(args).filter((key) => hidden.has(key)),
      };
    },
    realServer: (alias) => byAlias.get(alias)?.server ?? alias,
    toolNames: ({ server, tool }) => toolsByAlias.get(server)?.get(tool),
  };
}

const renamed = (
  args: NamedCall['arguments'],
  nameOf: (key: string) => string,
  textOf: (text: string) => string,
): Record<string, Json> =>
  Object.fromEntries(Object.entries(args).map(([key, value]) => [nameOf(key), withTexts(value, textOf)]));

/** The same value with each of its texts made anew; keys stay. */
export function withTexts<Value>(value: Value, textOf: (text: string) => string): Value {
  if (typeof value === 'string') return textOf(value) as Value;
  if (Array.isArray(value)) return value.map((one: unknown) => withTexts(one, textOf)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withTexts(one, textOf)])) as Value;
}

function folderSwap(names: Names): (text: string) => string {
  const aliased = names.filter(({ server, alias }: ServerNames) => server !== alias);
  const swapped = new Map(aliased.flatMap(({ server, alias }) => [[server, alias] as const, [alias, server] as const]));
  if (swapped.size === 0) return (text) => text;
  // The longest first, since one name may begin like another.
  const folders = [...swapped.keys()].sort((a, b) => b.length - a.length).map((name) => patternText(name));
  const pattern = new RegExp(`(?<=${WORLD_ROOT}/)(?:${folders.join('|')})(?![\\w-])`, 'g');
  return (text) =>
    text.includes(`${WORLD_ROOT}/`) ? text.replaceAll(pattern, (name) => swapped.get(name) as string) : text;
}
