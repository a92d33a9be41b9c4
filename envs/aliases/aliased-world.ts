import type { EndedEpisode } from '../../core/goal-types.ts';
import type { ToolResult, World, WorldParameters } from '../../core/types.ts';
import { aliasedToolspace, type AliasedToolspace } from './aliased-toolspace.ts';

/**
 * A world whose servers, tools and parameters go by the names that were drawn for its task, if any: calls reach the servers by real names,
 * and what servers answer is passed on as it is, but for the folders of servers in paths. State, facts and inspections stay real.
 * Throws `UsageError` where names cannot be drawn.
 */
export function aliasedWorld(world: World, { servers, aliases }: Pick<WorldParameters, 'servers' | 'aliases'>): World {
  if (!aliases) return world;
  const aliased = aliasedToolspace(servers, aliases);
  const { toolspace, translation } = aliased;
  return {
    ...world,
    toolspace,
    translation,
    call: async (server, tool, args) => {
      const { unknown, ...real } = translation.realCall({ server, tool, arguments: args });
      if (unknown.length > 0) return { text: unknownText(tool, unknown), isError: true };
      return shownResult(await world.call(real.server, real.tool, real.arguments), real.server, aliased);
    },
    inspect: (inspections, episode) => world.inspect(inspections, realEpisode(episode, aliased)),
  };
}

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
