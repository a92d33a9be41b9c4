import { readFileSync, statSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { messageOf, UsageError } from './errors.ts';
import { expected, libraryModule, ownFile, shapeFault, type PartShape } from './own-module.ts';
import { withoutTypes } from './type-stripping.ts';

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
    throw new UsageError(unloadable(file, path, kind, shape, error), { cause: error });
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
    const module = createRequire(import.meta.url)(file) as { readonly default?: unknown };
    return exportFault(types.isModuleNamespaceObject(module) ? module.default : module, path, kind, shape);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_REQUIRE_ASYNC_MODULE') return undefined;
    return unloadable(pathToFileURL(file), path, kind, shape, error);
  }
}

const isFile = (file: string | URL): boolean => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

function exportFault(part: unknown, path: string, kind: string, shape: PartShape): string | undefined {
  if (part === undefined) return `The ${kind} ${path} has no default export. ${expected(shape)}`;
  const fault = shapeFault(part, shape);
  return fault === undefined ? undefined : `The ${kind} ${path} has a default export that ${fault}. ${expected(shape)}`;
}

const noFile = (path: string, kind: string): string => `There is no file ${path}, which was named as the ${kind}.`;

const unloadable = (file: URL, path: string, kind: string, shape: PartShape, error: unknown): string =>
  `The ${kind} ${path} cannot be loaded: ${placed(error, file)}. ${expected(shape)}`;

/** With the line of the file, where Node tells it. */
function placed(error: unknown, { href, pathname }: URL): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const [, line] =
    [href, pathname]
      .flatMap((place) => stack.split(place))
      .map((rest) => /^:(\d+)/.exec(rest))
      .find(Boolean) ?? [];
  const message = messageOf(error)
    .replace(/\.?\s*$/, '')
    .replaceAll(/\s+/g, ' ');
  return line === undefined ? message : `line ${line}: ${message}`;
}

let isHelped = false;

/**
 * `toolstone` is this program. TypeScript is a module, which the usual `package.json` denies, and has its types stripped below
 * `node_modules`, too, where Node does not.
 */
function helpToLoad(): void {
  if (isHelped) return;
  isHelped = true;
  registerHooks({
    resolve: (specifier, context, next) => {
      const library = libraryModule();
      if (specifier === 'toolstone' && library) return { url: library.href, shortCircuit: true };
      const resolved = next(specifier, context);
      return /\.m?ts$/.test(resolved.url) ? { ...resolved, format: 'module-typescript' } : resolved;
    },
    load: (url, context, next) => {
      if (!/\/node_modules\/.*\.m?ts$/.test(url)) return next(url, context);
      const source = withoutTypes(readFileSync(new URL(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
