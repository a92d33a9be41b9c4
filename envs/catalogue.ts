import { listIn } from '../core/list.ts';
import type { ServerDefinition } from './server-definition.ts';

const catalogue = listIn<ServerDefinition>(new URL('./servers/', import.meta.url), 'server');

/** Servers of the catalogue, by name: the folder `envs/servers` is the list. */
export const catalogueDefinitions: ReadonlyMap<string, ServerDefinition> = new Map(
  (await catalogue.loadAll()).map((definition, index) => [catalogue.names()[index] ?? '', definition] as const),
);

/** File of a server of the catalogue, whether it is there or not. */
export const serverFile = catalogue.fileOf;
