import { WorldFailure } from '../../core/errors.ts';
import { identifiersOf } from '../../core/execution.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { nearest } from '../../core/near-names.ts';
import type { Call, ToolResult, View, ViewReply, World } from '../../core/types.ts';
import { programLimits } from './limits.ts';
import type { GuestCall, GuestResult, ProgramEnd } from './messages.ts';
import type { Sandbox } from './sandbox.ts';

export interface ProgramRunOptions {
  readonly view: View;
  readonly world: World;
  /** Servers by their names, as programs call them. */
  readonly servers: ReadonlyMap<string, string>;
  readonly sandbox: () => Sandbox;
  readonly signal: AbortSignal;
}

/**
 * Runs programs whose calls go through the view one after the other, in the order in which they were made: what is loaded, refused
 * and recorded is as if the policy had called itself. Of a program that a broken world ends, what it did until then stays.
 */
export function programRun({
  view,
  world,
  servers,
  sandbox,
  signal,
}: ProgramRunOptions): (code: string) => Promise<ViewReply> {
  const serverNamed = new Map([...servers].map(([name, identifier]) => [identifier, name]));

  return async (code) => {
    const inside: Call[] = [];
    const told = new Set<string>();
    let made = 0;
    const carryOut = async (calls: readonly GuestCall[]): Promise<GuestResult[]> => {
      const results: GuestResult[] = [];
      for (const call of calls) {
        signal.throwIfAborted();
        results.push(
          ++made > programLimits.calls
            ? {
                isOk: false,
                message: `A program may make ${programLimits.calls} calls, and this one has made them. Make the others in another program.`,
              }
            : await carryOutOne(call),
        );
      }
      return results;
    };

    const carryOutOne = async (call: GuestCall): Promise<GuestResult> => {
      const server = serverNamed.get(call.server) ?? call.server;
      const tools = toolsOf(world, view, server);
      const tool = tools.get(call.tool) ?? call.tool;
      const args = JSON.parse(call.args) as Json;
      const action = { name: 'call_tool', arguments: { server, tool, arguments: args } };
      const reply = isObject(args)
        ? await view.act(action)
        : refused(
            `${call.server}.${call.tool} takes one object of arguments by its schema, and got ${call.args.slice(0, 100)}.`,
            server,
            tool,
          );
      const { observation, event, result } = reply;
      const isThere = [...tools.values()].includes(tool);
      const message = observation.text + (event.kind === 'refused' && !isThere ? hint(call, [...tools.keys()]) : '');
      inside.push({ action, observation: { ...observation, text: message }, event, isInside: true });
      if (result === undefined) return { isOk: false, message };
      const beside = observation.text.slice(0, observation.text.length - (result.text || '(no text)').length).trim();
      if (beside !== '') told.add(beside);
      return result.isError ? { isOk: false, message: result.text } : { isOk: true, json: jsonOf(result) };
    };

    try {
      const end = await sandbox().run(code, carryOut, signal);
      return { ...replyOf(end, [...told]), inside };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof WorldFailure)) throw error;
      const broken = {
        hasRun: true,
        isError: true,
        log: [],
        said: `The program was stopped: ${error.message}`,
        notes: [],
      };
      return { ...replyOf(broken, []), inside, broken: { error } };
    }
  };
}

/** What the policy is shown: what the program logged, what it returned, and what else there is to tell. */
function replyOf({ hasRun, isError, log, said, notes }: ProgramEnd, told: readonly string[]): ViewReply {
  const lines = [...log, ...(said === '' ? [] : [said]), ...[...notes, ...told].map((note) => `[${note}]`)];
  return {
    observation: {
      text: lines.length === 0 ? '(The program ended, and neither returned nor logged anything.)' : lines.join('\n'),
      isError,
      source: hasRun ? 'results' : 'history',
      server: '',
      cutTokens: 0,
    },
    event: { kind: hasRun ? 'ran' : 'refused', server: '', tools: [] },
  };
}

/** Tools of a server by what programs call them, those among them that came in mid-episode. */
function toolsOf({ toolspace }: World, { visible }: View, server: string): ReadonlyMap<string, string> {
  const all = [...toolspace.tools, ...visible.loaded].flatMap((tool) => (tool.server === server ? [tool.name] : []));
  return new Map([...identifiersOf([...new Set(all)])].map(([name, identifier]) => [identifier, name]));
}

function hint({ server, tool }: GuestCall, identifiers: readonly string[]): string {
  const near = nearest(tool, identifiers);
  return near === undefined ? '' : ` Did you mean ${server}.${near}?`;
}

/** A result as a program gets it: its structured content, else what JSON its text is, else its text. */
function jsonOf({ text, structured }: ToolResult): string {
  if (structured !== undefined) return structured;
  if (/^\s*[[{]/.test(text))
    try {
      JSON.parse(text);
      return text;
    } catch {
      // It only begins like one.
    }
  return JSON.stringify(text);
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refused = (text: string, server: string, tool: string): ViewReply => ({
  observation: { text, isError: true, source: 'history', server, cutTokens: 0 },
  event: { kind: 'refused', server, tools: [tool] },
});
