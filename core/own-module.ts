import { statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from './errors.ts';

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

/**
 * The default export of a user's own module. Types are stripped from TypeScript as Node does, whatever the `package.json` above
 * it says. Throws `UsageError` where it is not there, does not load, or has another shape.
 */
export async function loadOwn<Part>(path: string, kind: string, shape: PartShape): Promise<Part> {
  const file = ownFile(path);
  if (!isFile(file)) throw new UsageError(`${noFile(path, kind)} A relative path counts from the folder you are in.`);
  helpToLoad();
  let module: { readonly default?: unknown };
  try {
    module = (await import(file.href)) as typeof module;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(unloadable(path, kind, shape, error), { cause: error });
  }
  const fault = exportFault(module.default, path, kind, shape);
  if (fault !== undefined) throw new UsageError(fault);
  return module.default as Part;
}

/**
 * What is wrong with a module that is loaded later, by another process: a sentence of those that `loadOwn` throws. `path` is how
 * its user wrote it. One that waits at its top level is not looked into.
 */
export function ownModuleFault(file: string, path: string, kind: string, shape: PartShape): string | undefined {
  if (!isFile(file)) return noFile(path, kind);
  helpToLoad();
  try {
    const { default: part } = createRequire(import.meta.url)(file) as { readonly default?: unknown };
    return exportFault(part, path, kind, shape);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_REQUIRE_ASYNC_MODULE') return undefined;
    return unloadable(path, kind, shape, error);
  }
}

const isFile = (file: string | URL): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function exportFault(part: unknown, path: string, kind: string, shape: PartShape): string | undefined {
  if (part === undefined) return `The ${kind} ${path} has no default export. ${expected(shape)}`;
  const fault = faultOf(part, shape);
  return fault === undefined ? undefined : `The ${kind} ${path} has a default export that ${fault}. ${expected(shape)}`;
}

const noFile = (path: string, kind: string): string => `There is no file ${path}, which was named as the ${kind}.`;

const unloadable = (path: string, kind: string, shape: PartShape, error: unknown): string =>
  `The ${kind} ${path} cannot be loaded: ${placed(error)}. ${expected(shape)}`;

/** Throws `UsageError` where a value lacks what it must have; `whose` begins the sentence, e.g. `The policy ./mine.ts opens something that`. */
export function requireShape(value: unknown, whose: string, shape: PartShape): void {
  const fault = faultOf(value, shape);
  if (fault !== undefined) throw new UsageError(`${whose} ${fault}. ${expected(shape)}`);
}

const expected = ({ example }: PartShape): string => `Expected: ${example} (docs/own-parts.md).`;

function faultOf(value: unknown, { keys }: PartShape): string | undefined {
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

/** With the line where Node tells one: at the top of the stack of what cannot be parsed, else where it was thrown. */
function placed(error: unknown): string {
  const [, line] =
    /^\s*(?:at )?file:\/\/.*?\.[mc]?[jt]s:(\d+)/m.exec(error instanceof Error ? (error.stack ?? '') : '') ?? [];
  const message = messageOf(error)
    .replace(/\.?\s*$/, '')
    .replaceAll(/\s+/g, ' ');
  return line === undefined ? message : `line ${line}: ${message}`;
}

let isHelped = false;

/** `toolstone` is this program, and TypeScript outside packages is a module: the usual `package.json` says otherwise. */
function helpToLoad(): void {
  if (isHelped) return;
  isHelped = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      if (specifier === 'toolstone' && library) return { url: library.href, shortCircuit: true };
      const resolved = next(specifier, context);
      const isOwn = resolved.url.endsWith('.ts') && !resolved.url.includes('/node_modules/');
      return isOwn ? { ...resolved, format: 'module-typescript' } : resolved;
    },
  });
}
