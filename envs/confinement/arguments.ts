import { posix } from 'node:path';
import type { Json, JsonObject } from '../../core/json.ts';
import { isWithin, leadsWithin, staysWithin } from './real-path.ts';

/** What the check of arguments must know of a server. */
export interface ArgumentRules {
  /** Arguments that hold texts which are never used as paths; `all` where no tool opens a file by a name that it is given. */
  readonly proseArguments: readonly string[] | 'all';
  /** Arguments in which plain paths to elsewhere in the world reach the server, which refuses them in its own words. */
  readonly checksItself: readonly string[];
  /** The argument with the folder from which relative paths among the others count; else it is the server's folder. */
  readonly relativeTo?: string;
}

/** A server's folder, by the two names that it has. */
export interface FolderNames {
  /** Below the world's root, as policies name it. */
  readonly world: string;
  /** On this machine. */
  readonly real: string;
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * The first text among the arguments that leads out of the server's folder, if any: by its name (`..`, `~`, absolute, a URI) or
 * by a symbolic link on its way, in any argument, at any depth.
 */
export function pathOutside(args: JsonObject, folder: FolderNames, rules: ArgumentRules): string | undefined {
  if (rules.proseArguments === 'all') return undefined;
  const paths = [...textsIn(args, '', rules.proseArguments)];
  const base = baseOf(args, folder.world, rules.relativeTo);
  for (const { name, text } of paths) {
    const isInside = namesWithin(text, name === rules.relativeTo ? folder.world : base, folder.world);
    if (!isInside && !(rules.checksItself.includes(name) && isPlainNeighbour(text, folder.world))) return text;
  }
  return paths.find(({ text }) => linksOut(text, paths, folder))?.text;
}

function* textsIn(value: Json, name: string, prose: readonly string[]): Generator<NamedText> {
  if (typeof value === 'string') yield { name, text: value };
  else if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* textsIn(item, name, prose);
  else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value as JsonObject))
      if (!prose.includes(key)) yield* textsIn(inner, key, prose);
  }
}

/** The folder from which relative paths count, as the world names it. */
export function baseOf(args: JsonObject, folder: string, relativeTo: string | undefined): string {
  const value = relativeTo === undefined ? undefined : args[relativeTo];
  const named = typeof value === 'string' ? worldPath(value, folder) : undefined;
  return named !== undefined && isWithin(named, folder) ? named : folder;
}

/** Whether a text names another place of the world without any trick. */
const isPlainNeighbour = (text: string, folder: string) =>
  posix.normalize(text) === text && isWithin(text, posix.dirname(folder));

/** A text as an absolute path of the world, `base` where it is no path; undefined for one that can only lead out. */
function worldPath(text: string, base: string): string | undefined {
  const path = plainPath(text);
  if (path === undefined || path.startsWith('~')) return undefined;
  const isPath = path.startsWith('/') || /(?:^|[/\\])\.\.(?:[/\\]|$)/.test(path);
  return isPath ? posix.resolve(base, path.replaceAll('\\', '/')) : base;
}

/** Whether a text, by its name alone, stays within a folder of the world; one that is no path does. */
export function namesWithin(text: string, base: string, folder: string): boolean {
  const path = worldPath(text, base);
  return path !== undefined && isWithin(path, folder);
}

/** A text without what may stand around a path: blanks, and the scheme of a URI. */
function plainPath(text: string): string | undefined {
  const trimmed = text.trim();
  if (!/^file:/i.test(trimmed)) return trimmed;
  const address = URL.parse(trimmed);
  if (!address || address.host !== '') return undefined;
  try {
    return decodeURIComponent(address.pathname);
  } catch {
    return undefined;
  }
}

/** Whether a link leads out: from the server's folder, or from a folder that another argument names, for servers join them. */
function linksOut(text: string, all: readonly NamedText[], folder: FolderNames): boolean {
  const path = onDisk(text, folder);
  if (path === undefined) return false;
  const others = posix.isAbsolute(path) ? [] : all.map((other) => onDisk(other.text, folder) ?? '');
  const bases = new Set(['', ...others].map((base) => posix.resolve(folder.real, base)));
  return [...bases].some((base) => {
    const place = posix.resolve(base, path);
    // By their names alone the others were judged before.
    if (!isWithin(place, folder.real)) return false;
    if (!staysWithin(place, folder.real)) return true;
    // Behind a link `..` is not the way back, for a server that hands the path on as it stands.
    return path.split('/').includes('..') && !leadsWithin(base, path, folder.real);
  });
}

/** A path of this machine, absolute where the text is; undefined for one to elsewhere, which the server itself refuses. */
function onDisk(text: string, folder: FolderNames): string | undefined {
  const path = plainPath(text) ?? '';
  if (!path.startsWith('/')) return path;
  const named = posix.resolve(path);
  if (!isWithin(named, folder.world)) return undefined;
  const root = posix.dirname(folder.world);
  return path.startsWith(`${root}/`)
    ? posix.dirname(folder.real) + path.slice(root.length)
    : folder.real + named.slice(folder.world.length);
}
