import { identifiersOf } from '../../core/identifiers.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { nearest } from '../../core/near-names.ts';
import type { Call, Tool, ToolResult, View, ViewReply, World } from '../../core/types.ts';
import type { GuestCall, GuestResult } from './messages.ts';

/** A program's call, carried out. */
export interface CarriedOut {
  /** As the record has it. */
  readonly call: Call;
  /** As the program gets it. */
  readonly result: GuestResult;
  /** What the view says beside the tool's result, for the policy; '' for nothing. */
  readonly beside: string;
}

export interface CarryOutOptions {
  readonly view: View;
  readonly world: World;
  /** Servers by their names, as programs call them. */
  readonly servers: ReadonlyMap<string, string>;
}

/** Carries out calls as the view does those of a policy. Rejects as the world does. */
export function callsThrough({ view, world, servers }: CarryOutOptions): (call: GuestCall) => Promise<CarriedOut> {
  const serverNamed = new Map([...servers].map(([name, identifier]) => [identifier, name]));
  const toolsOf = toolNames(world, view);
  return async (asked) => {
    const server = serverNamed.get(asked.server) ?? asked.server;
    const tools = toolsOf(server);
    const tool = tools.get(asked.tool) ?? asked.tool;
    const args = JSON.parse(asked.args) as Json;
    const action = { name: 'call_tool', arguments: { server, tool, arguments: args } };
    // Where each tool is a function of its own, the view takes the call of that.
    const written = view.functions?.written(action) ?? action;
    const { observation, event, result } = isJsonObject(args)
      ? await view.act(written)
      : notAnObject(asked, server, tool);
    const isThere = event.kind !== 'refused' || [...tools.values()].includes(tool);
    const text = observation.text + (isThere ? '' : hint(asked, [...tools.keys()]));
    const call: Call = { action, observation: { ...observation, text }, event, isInside: true };
    if (result === undefined) return { call, result: { isOk: false, message: text }, beside: '' };
    return { call, result: guestResult(result), beside: besideOf(text, result) };
  };
}

const notAnObject = ({ server, tool, args }: GuestCall, ofServer: string, name: string): ViewReply => ({
  observation: {
    text: `${server}.${tool} takes one object of arguments by its schema, and got ${args.slice(0, 100)}.`,
    isError: true,
    source: 'history',
    server: ofServer,
    cutTokens: 0,
  },
  event: { kind: 'refused', server: ofServer, tools: [name] },
});

/** The view puts its own words in front of the tool's. */
const besideOf = (shown: string, { text }: ToolResult): string =>
  shown.slice(0, Math.max(0, shown.length - (text === '' ? '(no text)' : text).length)).trim();

function guestResult(result: ToolResult): GuestResult {
  return result.isError ? { isOk: false, message: result.text } : { isOk: true, json: jsonInProgram(result) };
}

/** JSON of what a program gets of a tool's result: its structured content, else what its text says as JSON, else the text. */
export const jsonInProgram = ({ structured, text }: ToolResult): string => structured ?? jsonOf(text);

/** The JSON of an object or a list as it stands, and of anything else as a text. */
function jsonOf(text: string): string {
  if (/^\s*[[{]/.test(text))
    try {
      JSON.parse(text);
      return text;
    } catch {
      // It only begins like one.
    }
  return JSON.stringify(text);
}

/** Tools of a server by what programs call them, those among them that came in mid-episode. */
function toolNames({ toolspace }: World, { visible }: View): (server: string) => ReadonlyMap<string, string> {
  const known = new Map<string, ReadonlyMap<string, string>>();
  let loaded = 0;
  return (server) => {
    if (loaded !== visible.loaded.length) known.clear();
    loaded = visible.loaded.length;
    const tools = known.get(server) ?? byIdentifier(server, [...toolspace.tools, ...visible.loaded]);
    known.set(server, tools);
    return tools;
  };
}

function byIdentifier(server: string, tools: readonly Tool[]): ReadonlyMap<string, string> {
  const names = new Set(tools.flatMap((tool) => (tool.server === server ? [tool.name] : [])));
  return new Map([...identifiersOf([...names])].map(([name, identifier]) => [identifier, name]));
}

function hint({ server, tool }: GuestCall, identifiers: readonly string[]): string {
  const near = nearest(tool, identifiers);
  return near === undefined ? '' : ` Did you mean ${server}.${near}?`;
}
