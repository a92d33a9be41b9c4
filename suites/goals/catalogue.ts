import { readdirSync } from 'node:fs';
import type { Sink, Source } from '../tasks/sub-goal.ts';

/** All sub-goals: the folders `sources` and `sinks` are the lists, in the order of their files' names. */
export const sources: readonly Source[] = await loadAll<Source>('sources');
export const sinks: readonly Sink[] = await loadAll<Sink>('sinks');

export const sourceNamed = (name: string): Source => named(sources, name);
export const sinkNamed = (name: string): Sink => named(sinks, name);

async function loadAll<T>(kind: string): Promise<T[]> {
  const folder = new URL(`${kind}/`, import.meta.url);
  const files = readdirSync(folder).filter((file) => /^[\w-]+\.[tj]s$/.test(file));
  const modules = files.sort().map((file) => import(new URL(file, folder).href) as Promise<{ readonly default: T }>);
  return (await Promise.all(modules)).map((module) => module.default);
}

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (!found) throw new RangeError(`there is no sub-goal ${name}; there are ${all.map((one) => one.name).join(', ')}`);
  return found;
}
