import { readFileSync } from 'node:fs';
import { catalogueDefinitions } from '../catalogue.ts';
import type { ListedSource } from './source.ts';

type Described = Pick<ListedSource, 'package' | 'version' | 'licence' | 'summary'>;

/**
 * One entry of `sources.json`. What it leaves out, the definition of the server of that name says that the catalogue adds on
 * request. Where it has another summary than that, prompts of runs with --tools show it, and are to stay as they are.
 */
type Entry = ListedSource | (Omit<ListedSource, keyof Described> & Partial<Pick<ListedSource, 'summary'>>);

const entries = JSON.parse(readFileSync(new URL('./sources.json', import.meta.url), 'utf8')) as readonly Entry[];

/** All of `sources.json`, in the order of their names. */
export const listedSources: readonly ListedSource[] = entries.map((entry) =>
  'package' in entry ? entry : { ...descriptionOf(entry.name), ...entry },
);

function descriptionOf(name: string): Described {
  const { package: packageName, licence, summary, onRequest } = catalogueDefinitions.get(name) ?? {};
  if (packageName === undefined || licence === undefined || summary === undefined || !onRequest)
    throw new Error(`sources.json names no package for "${name}", and envs/servers adds no such server on request.`);
  return { package: packageName, version: onRequest.version, licence, summary };
}
