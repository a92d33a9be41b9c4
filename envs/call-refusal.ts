import type { JsonObject } from '../core/json.ts';
import type { ToolResult } from '../core/types.ts';
import { worldFolderOf } from '../core/world-root.ts';
import { type FolderNames, pathOutside } from './confinement/arguments.ts';
import type { LaneServer } from './lane-server.ts';
import type { ServerDefinition } from './server-definition.ts';

/**
 * The answer to a call that no server gets to see: of a tool that is not offered, with arguments that reach outside the
 * server's folder, or while something in that folder makes any call unsafe; undefined for every other. Refused here, with
 * bubblewrap or without, so that both give the same bytes. A user's own server goes where it likes.
 */
export function refusal(
  { definition, folders }: Pick<LaneServer, 'definition' | 'folders'>,
  tool: string,
  args: JsonObject,
): ToolResult | undefined {
  if (definition.withheld.includes(tool)) return { text: `There is no tool ${tool}.`, isError: true };
  if (definition.own) return undefined;
  const fault = faultOf(definition, { world: worldFolderOf(definition.name), real: folders.state }, tool, args);
  return fault === undefined ? undefined : { text: `Refused: ${fault}.`, isError: true };
}

function faultOf(
  definition: ServerDefinition,
  folder: FolderNames,
  tool: string,
  args: JsonObject,
): string | undefined {
  const fault = definition.refuses?.(args, tool);
  if (fault !== undefined) return fault;
  const path = pathOutside(args, folder, definition);
  return path === undefined
    ? definition.unsafeState?.(folder.real, folder.world)
    : `${path} is outside ${folder.world}`;
}
