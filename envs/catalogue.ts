import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { ServerDefinition } from './server-definition.ts';

const FOLDER = join(import.meta.dirname, 'servers');

const definitions = new Map<string, ServerDefinition>();
const names = readdirSync(FOLDER)
  .filter((file) => /^[\w-]+\.[tj]s$/.test(file))
  .map((file) => file.slice(0, -3))
  .sort();
for (const name of names) {
  const file = new URL(`./servers/${name}${import.meta.url.slice(-3)}`, import.meta.url).href;
  const module = (await import(file)) as { readonly default: ServerDefinition };
  definitions.set(name, module.default);
}

/** Names of all servers: the folder `envs/servers` is the list. */
export const serverNames: readonly string[] = names;

/** @throws UsageError naming the known servers. */
export function serverDefinition(name: string): ServerDefinition {
  const definition = definitions.get(name);
  if (!definition) throw new UsageError(`There is no server "${name}". Known servers: ${names.join(', ')}.`);
  return definition;
}
