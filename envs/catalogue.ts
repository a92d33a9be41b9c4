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

/** Users' own servers, known to this thread by name. */
const own = new Map<string, ServerDefinition>();

/**
 * Makes users' own servers known beside those of the catalogue.
 * @throws UsageError when a name already stands for another server.
 */
export function addServers(added: readonly ServerDefinition[]): void {
  for (const definition of added) {
    const { name } = definition;
    if (definitions.has(name))
      throw new UsageError(`There is a server "${name}" in the catalogue already. Give your own another name.`);
    const known = own.get(name);
    if (known && JSON.stringify(known.own?.source) !== JSON.stringify(definition.own?.source))
      throw new UsageError(`Two task files describe a server "${name}", each in its own way. Give one another name.`);
    if (!known) own.set(name, definition);
  }
}

/** @throws UsageError naming the known servers. */
export function serverDefinition(name: string): ServerDefinition {
  const definition = definitions.get(name) ?? own.get(name);
  if (!definition) {
    const known = [...names, ...own.keys()].join(', ');
    throw new UsageError(`There is no server "${name}". Known servers: ${known}.`);
  }
  return definition;
}
