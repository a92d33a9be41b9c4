import { WORLD_ROOT } from '../core/world-root.ts';

const PACKAGE_ROOT = '/packages';
/** The world root where a string in JSON begins with it. */
const ROOT_IN_JSON = new RegExp(`(?<!\\\\)"${WORLD_ROOT}(?=[/"])`, 'g');

/** Replaces a server's real paths by constant ones and back, so that records compare by bytes between lanes and machines. */
export interface PathMap {
  /** JSON text of arguments: strings that begin with the world root get the server's. */
  readonly inward: (json: string) => string;
  /** Any text that came from a server or out of its files. */
  readonly outward: (text: string) => string;
}

/** `visibleRoot` is the world root as the server sees it; `known` are real paths, the packages' folder apart. */
export function pathMap(
  visibleRoot: string,
  known: readonly (readonly [real: string, constant: string])[],
  packageFolder: string,
): PathMap {
  const escaped = JSON.stringify(visibleRoot).slice(1, -1);
  const inward = (json: string) =>
    visibleRoot !== WORLD_ROOT && json.includes(WORLD_ROOT) ? json.replaceAll(ROOT_IN_JSON, () => `"${escaped}`) : json;
  const outward = (text: string) => {
    const mapped = known.reduce((all, [real, constant]) => withoutPath(all, real, constant), text);
    return packageFolder.length > 1 && mapped.includes(packageFolder)
      ? mapped.replaceAll(packageFolder, PACKAGE_ROOT)
      : mapped;
  };
  return { inward, outward };
}

/** A path may be another's beginning: `…/memory` of `…/memory-bank`. */
const withoutPath = (text: string, real: string, constant: string): string =>
  text.includes(real)
    ? text.replaceAll(real, (path, at: number) => (/[\w-]/.test(text[at + path.length] ?? '') ? path : constant))
    : text;
