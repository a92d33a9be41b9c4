import { listIn } from '../../core/list.ts';
import type { Sink, Source } from '../tasks/sub-goal.ts';

/** All sub-goals: the folders `sources` and `sinks` are the lists, in the order of their files' names. */
export const sources: readonly Source[] = await listIn<Source>(
  new URL('sources/', import.meta.url),
  'source',
).loadAll();
export const sinks: readonly Sink[] = await listIn<Sink>(new URL('sinks/', import.meta.url), 'sink').loadAll();

export const sourceNamed = (name: string): Source => named(sources, name);
export const sinkNamed = (name: string): Sink => named(sinks, name);

function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (!found) throw new RangeError(`there is no sub-goal ${name}; there are ${all.map((one) => one.name).join(', ')}`);
  return found;
}
