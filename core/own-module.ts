import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from './errors.ts';

/** What a module of a user's own exports by default, for whoever wrote another thing. */
export interface PartShape {
  /** That it is a function, or what it must have, and of which kind each is. */
  readonly keys: 'function' | Readonly<Record<string, 'text' | 'function' | 'map' | 'list'>>;
  /** How it is written, e.g. `export default { usage: 'mine', open: () => policy }`. */
  readonly example: string;
}

const ownPath = /^(?:[A-Za-z]:(?=[\\/]))?[^:?|]+\.(?:[jt]s|m[jt]s)(?=$|[:?])/;

/** The path at the beginning of a name, e.g. `./mine.ts` of `./mine.ts:4?depth=2`; undefined for a name of ours. */
export const ownPathIn = (name: string): string | undefined => ownPath.exec(name)?.[0];

/** A module of a user's own by its path, which counts from the working directory. */
export const ownFile = (path: string): URL => pathToFileURL(resolve(path));

/** `mine` of `./parts/mine.ts`, for names of files and rows. */
export const ownName = (path: string): string => basename(path, extname(path));

let library: URL | undefined;

/** Says which module `toolstone` stands for in modules of a user's own: that of this very program, wherever they lie. */
export function offerLibrary(module: URL): void {
  library = module;
}

/** The module that `toolstone` stands for; undefined until it was offered. */
export const libraryModule = (): URL | undefined => library;

/** Throws `UsageError` where a value lacks what it must have; `whose` begins the sentence, e.g. `The policy ./mine.ts opens something that`. */
export function requireShape(value: unknown, whose: string, shape: PartShape): void {
  const fault = shapeFault(value, shape);
  if (fault !== undefined) throw new UsageError(`${whose} ${fault}. ${expected(shape)}`);
}

/** What belongs there, as a sentence. */
export const expected = ({ example }: PartShape): string => `Expected: ${example} (docs/own-parts.md).`;

/** What is wrong with a value, as the end of a clause; undefined: nothing. */
export function shapeFault(value: unknown, { keys }: PartShape): string | undefined {
  if (keys === 'function') return typeof value === 'function' ? undefined : `is ${nounOf(value)}, not a function`;
  if (typeof value !== 'object' || value === null) return `is ${nounOf(value)}, not an object`;
  const given = value as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(keys).find(([key, kind]) => nounOf(given[key]) !== nouns[kind]);
  if (wrong === undefined) return undefined;
  const [key, kind] = wrong;
  return given[key] === undefined
    ? `lacks "${key}", ${nouns[kind]}`
    : `has ${nounOf(given[key])} for "${key}", not ${nouns[kind]}`;
}

const nouns = { text: 'a text', function: 'a function', map: 'an object', list: 'a list' } as const;

function nounOf(value: unknown): string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (typeof value === 'string') return nouns.text;
  if (Array.isArray(value)) return nouns.list;
  return typeof value === 'object' ? nouns.map : `a ${typeof value}`;
}
