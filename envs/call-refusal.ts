import { posix } from 'node:path';
import type { Json, JsonObject } from '../core/json.ts';
import type { ToolResult } from '../core/types.ts';
import { worldFolderOf } from '../core/world-root.ts';
import type { ServerDefinition } from './server-definition.ts';

/**
 * The answer to a call that no server gets to see: of a tool that is not offered, or with arguments that reach outside the
 * server's folder; undefined for every other. Refused here, with bubblewrap or without, so that both give the same bytes.
 */
export function refusal(definition: ServerDefinition, tool: string, args: JsonObject): ToolResult | undefined {
  if (definition.withheld.includes(tool)) return { text: `There is no tool ${tool}.`, isError: true };
  if (!definition.reachesOutside) return undefined;
  const fault = definition.refuses?.(args);
  if (fault !== undefined) return { text: `Refused: ${fault}.`, isError: true };
  const folder = worldFolderOf(definition.name);
  const path = escapingPath(args, folder, definition.proseArguments);
  return path === undefined ? undefined : { text: `Refused: ${path} is outside ${folder}.`, isError: true };
}

/** The first string among the arguments that leads out of the server's folder (as the world names it), if any. */
function escapingPath(args: JsonObject, folder: string, prose: readonly string[]): string | undefined {
  for (const [key, value] of Object.entries(args)) {
    const outside = prose.includes(key) ? undefined : escapingValue(value, folder, prose);
    if (outside !== undefined) return outside;
  }
  return undefined;
}

function escapingValue(value: Json, folder: string, prose: readonly string[]): string | undefined {
  if (typeof value === 'string') return leadsOut(value, folder) ? value : undefined;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      const outside = escapingValue(item, folder, prose);
      if (outside !== undefined) return outside;
    }
    return undefined;
  }
  return value !== null && typeof value === 'object' ? escapingPath(value as JsonObject, folder, prose) : undefined;
}

function leadsOut(text: string, folder: string): boolean {
  if (text.startsWith('~')) return true;
  const isPath = text.startsWith('/') || /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(text);
  if (!isPath) return false;
  const resolved = posix.resolve(folder, text.replaceAll('\\', '/'));
  return resolved !== folder && !resolved.startsWith(`${folder}/`);
}
