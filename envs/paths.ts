import { posix } from 'node:path';
import type { Json, JsonObject } from '../core/types.ts';

/** World root as policy and record see it. */
export const WORLD_ROOT = '/world';
const PACKAGE_ROOT = '/packages';

/** Replaces a lane's real paths by constant ones and back, so that records compare by bytes between lanes and machines. */
export interface PathMap {
  /** JSON text of arguments: strings that begin with the world root get the lane's folder. */
  readonly inward: (json: string) => string;
  /** Any text that came from a server or out of its files. */
  readonly outward: (text: string) => string;
}

export function pathMap(laneFolder: string, packageFolder: string): PathMap {
  const escaped = JSON.stringify(laneFolder).slice(1, -1);
  const inward = (json: string) =>
    laneFolder !== WORLD_ROOT && json.includes(WORLD_ROOT)
      ? json.replaceAll(/(?<!\\)"\/world(?=[/"])/g, () => `"${escaped}`)
      : json;
  const outward = (text: string) => {
    const mapped = text.includes(laneFolder) ? text.replaceAll(laneFolder, WORLD_ROOT) : text;
    return packageFolder.length > 1 && mapped.includes(packageFolder)
      ? mapped.replaceAll(packageFolder, PACKAGE_ROOT)
      : mapped;
  };
  return { inward, outward };
}

/** The first string among the arguments that leads out of the server's folder (as the world names it), if any. */
export function escapingPath(args: JsonObject, folder: string, prose: readonly string[]): string | undefined {
  for (const [key, value] of Object.entries(args)) {
    const found = prose.includes(key) ? undefined : escapingValue(value, folder, prose);
    if (found !== undefined) return found;
  }
  return undefined;
}

function escapingValue(value: Json, folder: string, prose: readonly string[]): string | undefined {
  if (typeof value === 'string') return leadsOut(value, folder) ? value : undefined;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      const found = escapingValue(item, folder, prose);
      if (found !== undefined) return found;
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
