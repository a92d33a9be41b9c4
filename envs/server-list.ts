import { UsageError } from '../core/errors.ts';
import { listIn } from '../core/list.ts';
import type { ServerDefinition } from './server-definition.ts';

const catalogue = listIn<ServerDefinition>(new URL('./servers/', import.meta.url), 'server');
const definitions = new Map(
  (await catalogue.loadAll()).map((definition, index) => [catalogue.names()[index] ?? '', definition] as const),
);

/** Names of all servers: the folder `envs/servers` is the list. */
export const serverNames: readonly string[] = [...definitions.keys()];

/** File of a server of the catalogue, whether it is there or not. */
export const serverFile = catalogue.fileOf;

/** Users' own servers, known to this thread by name. */
const ownDefinitions = new Map<string, ServerDefinition>();

/**
 * Makes users' own servers known beside those of the catalogue, and before those of the same name.
 * @throws UsageError when a name already stands for another server of a user's own.
 */
export function addServers(servers: readonly ServerDefinition[]): void {
  for (const definition of servers) {
    const { name } = definition;
    const earlier = ownDefinitions.get(name);
    if (earlier && JSON.stringify(earlier.own?.source) !== JSON.stringify(definition.own?.source))
      throw new UsageError(`Two task files describe a server "${name}", each in its own way. Give one another name.`);
    if (!earlier) ownDefinitions.set(name, definition);
  }
}

/** @throws UsageError naming the known servers. */
export function serverDefinition(name: string): ServerDefinition {
  const definition = ownDefinitions.get(name) ?? definitions.get(name);
  if (!definition) {
    const names = [...new Set([...serverNames, ...ownDefinitions.keys()])].join(', ');
    throw new UsageError(`There is no server "${name}". Known servers: ${names}.`);
  }
  return definition;
}
