import type { RecordedNames, RecordedToolNames } from '../alias-types.ts';
import { loadedBy } from '../loaded-tools.ts';
import { callsOf, type Call, type Trajectory, type Turn } from '../trajectory.ts';
import type { Action } from '../types.ts';
import type { ToolsOfServer } from '../view-types.ts';
import type { JsonObject } from '../json.ts';
import type { Translation } from './translation.ts';

/** What the record of an episode says of its names: all servers, and the tools that it loaded or called. */
export function recordedNames({ names, toolNames }: Translation, turns: readonly Turn[]): RecordedNames {
  const used = callsOf({ turns }).flatMap(({ action, event }) => [...loadedBy(event), event, ...askedFor(action)]);
  const toolsOf = (alias: string) => new Set(used.flatMap(({ server, tools }) => (server === alias ? tools : [])));
  return Object.fromEntries(
    names.map(({ server, alias }) => {
      const tools = [...toolsOf(alias)].flatMap((tool): [string, RecordedToolNames][] => {
        const known = toolNames({ server: alias, tool });
        if (!known) return [];
        const renamed = known.parameters.filter(([parameter, other]) => parameter !== other);
        const parameters = Object.fromEntries(renamed.map(([parameter, other]) => [other, parameter]));
        return [[tool, { tool: known.tool, parameters }]];
      });
      return [alias, { server, tools: Object.fromEntries(tools) }];
    }),
  );
}

/** What a call asks for, whether a view got to see it or not. */
function askedFor({ arguments: { server, tool } }: Action): readonly ToolsOfServer[] {
  return typeof server === 'string' && typeof tool === 'string' ? [{ server, tools: [tool] }] : [];
}

/**
 * An episode as if it had been played by real names: its calls, what they loaded and whose schemas its prompts held. Texts stay as they
 * were shown. A name that was none in the episode is marked, since a real one may be written alike: a model that recites it was
 * offered no such tool. One without aliases is returned as it is.
 */
export function inRealNames<Episode extends Pick<Trajectory, 'turns' | 'aliases'>>(episode: Episode): Episode {
  const { aliases, turns } = episode;
  if (!aliases) return episode;
  return { ...episode, turns: turns.map((turn) => realTurn(turn, aliases)) };
}

const unknownMark = ' (no such name)';

const serverIn = (aliases: RecordedNames, alias: string): string =>
  alias === '' ? '' : (own(aliases, alias)?.server ?? `${alias}${unknownMark}`);

const toolIn = (aliases: RecordedNames, server: string, alias: string): string =>
  toolOf(aliases, server, alias)?.tool ?? `${alias}${unknownMark}`;

const toolOf = (aliases: RecordedNames, server: string, alias: string): RecordedToolNames | undefined =>
  own(own(aliases, server)?.tools ?? {}, alias);

const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

function realTurn(turn: Turn, aliases: RecordedNames): Turn {
  const { tokens, calls } = turn;
  const schemas = Object.entries(tokens.schemas).map(([server, count]) => [serverIn(aliases, server), count] as const);
  return {
    ...turn,
    tokens: { ...tokens, schemas: Object.fromEntries(schemas) },
    calls: calls.map((call) => realCall(call, aliases)),
  };
}

function realCall(call: Call, aliases: RecordedNames): Call {
  const { action, event, observation } = call;
  const real = ({ server, tools }: ToolsOfServer): ToolsOfServer => ({
    server: serverIn(aliases, server),
    tools: tools.map((tool) => toolIn(aliases, server, tool)),
  });
  return {
    ...call,
    action: realAction(action, aliases),
    observation: { ...observation, server: serverIn(aliases, observation.server) },
    event: { ...event, ...real(event), ...(event.others ? { others: event.others.map(real) } : {}) },
  };
}

function realAction(action: Action, aliases: RecordedNames): Action {
  const { server, tool, tools, arguments: args } = action.arguments;
  if (typeof server !== 'string') return action;
  const parameters = typeof tool === 'string' ? (toolOf(aliases, server, tool)?.parameters ?? {}) : {};
  return {
    ...action,
    arguments: {
      ...action.arguments,
      server: serverIn(aliases, server),
      ...(typeof tool === 'string' ? { tool: toolIn(aliases, server, tool) } : {}),
      ...(Array.isArray(tools) ? { tools: tools.map((one) => toolIn(aliases, server, String(one))) } : {}),
      ...(typeof args === 'object' && args !== null && !Array.isArray(args)
        ? { arguments: withKeys(args as JsonObject, parameters) }
        : {}),
    },
  };
}

const withKeys = (args: JsonObject, keys: Readonly<Record<string, string>>): JsonObject =>
  Object.fromEntries(Object.entries(args).map(([key, value]) => [own(keys, key) ?? key, value]));
