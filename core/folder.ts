import { readdirSync } from 'node:fs';
import { UsageError } from './errors.ts';

/** Names of the modules in a folder, sorted: a file's path is its name, in TypeScript or compiled. */
export function namesIn(folder: URL): string[] {
  return readdirSync(folder)
    .filter((file) => /(?<!\.d)\.(ts|js)$/.test(file))
    .map((file) => file.replace(/\.(ts|js)$/, ''))
    .sort();
}

/** Default export of a module in a folder. Throws `UsageError` with the known names; `kind` is the word for a member. */
export async function loadFrom<T>(folder: URL, name: string, kind: string, known?: readonly string[]): Promise<T> {
  return (await loadModule<{ default: T }>(folder, name, kind, known)).default;
}

/** The same for all that the module exports. */
export async function loadModule<T>(
  folder: URL,
  name: string,
  kind: string,
  known: readonly string[] = namesIn(folder),
): Promise<T> {
  if (!known.includes(name)) throw new UsageError(`There is no ${kind} "${name}". Known: ${known.join(', ')}.`);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return (await import(new URL(`${name}.${extension}`, folder).href)) as T;
}
