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
