import type { NamedCall, ToolNames } from '../../core/alias-types.ts';
import type { Translation } from '../../core/aliases/translation.ts';
import type { EndedEpisode } from '../../core/goal-types.ts';
import type { Tool, ToolResult, World, WorldParameters } from '../../core/types.ts';
import { aliasedToolspace, type AliasedToolspace } from './aliased-toolspace.ts';

/**
 * A world whose servers, tools and parameters go by the names that were drawn for its task, if any: calls reach the servers by real names,
 * and what servers answer is passed on as it is, but for the folders of servers in paths. State, facts and inspections stay real.
 * Throws `UsageError` where names cannot be drawn.
 */
export function aliasedWorld(world: World, { servers, aliases }: Pick<WorldParameters, 'servers' | 'aliases'>): World {
  if (!aliases) return world;
  const aliased = aliasedToolspace(servers, aliases);
  const { toolspace } = aliased;
  const { translation, add } = withAddedTools(aliased.translation);
  return {
    ...world,
    toolspace,
    translation,
    call: async (server, tool, args) => {
      const { unknown, ...real } = translation.realCall({ server, tool, arguments: args });
      if (unknown.length > 0) return { text: unknownText(tool, unknown), isError: true };
      const result = shownResult(await world.call(real.server, real.tool, real.arguments), real.server, aliased);
      add(result.tools ?? []);
      return result;
    },
    inspect: (inspections, episode) => world.inspect(inspections, realEpisode(episode, aliased)),
  };
}

/** Knows the tools that servers add in mid-episode, too: by their own names. */
function withAddedTools(translation: Translation) {
  const added = new Map<string, ToolNames>();
  const toolNames: Translation['toolNames'] = (alias) => translation.toolNames(alias) ?? added.get(keyOf(alias));
  const add = (shown: readonly Tool[]): void => {
    for (const { server, name: tool } of shown)
      added.set(keyOf({ server, tool }), { tool, alias: tool, parameters: [] });
  };
  return { translation: { ...translation, toolNames }, add };
}

const keyOf = ({ server, tool }: Pick<NamedCall, 'server' | 'tool'>): string => `${server}\n${tool}`;

const unknownText = (tool: string, unknown: readonly string[]): string =>
  `${tool} was not called: it has no ${unknown.length === 1 ? 'parameter' : 'parameters'} ${unknown.join(', ')}.`;

function shownResult(result: ToolResult, server: string, { translation, aliasedTools }: AliasedToolspace): ToolResult {
  const { text, structured, notice, tools } = result;
  const { swapFolders } = translation;
  return {
    ...result,
    text: swapFolders(text),
    ...(structured === undefined ? {} : { structured: swapFolders(structured) }),
    ...(notice === undefined ? {} : { notice: swapFolders(notice) }),
    ...(tools ? { tools: aliasedTools(server, tools) } : {}),
  };
}

function realEpisode({ prompt, answer, calls }: EndedEpisode, { translation }: AliasedToolspace): EndedEpisode {
  const { realCall, swapFolders } = translation;
  return {
    prompt: swapFolders(prompt),
    answer: answer === null ? null : swapFolders(answer),
    calls: calls.map((call) => {
      const { server, tool, arguments: args } = realCall(call);
      return { ...call, server, tool, arguments: args, result: swapFolders(call.result) };
    }),
  };
}
