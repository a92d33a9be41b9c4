import { listIn } from '../../core/list.ts';
import type { Sink, Source } from '../tasks/sub-goal.ts';

/*
 * All sub-goals: the folders `sources` and `sinks` are the lists, in the order of their files' names. Written in one expression
 * each, by which `core/identity/reach.ts` knows a list that is loaded whole.
 */
export const sources: readonly Source[] = await listIn<Source>(
  new URL('sources/', import.meta.url),
  'source',
).loadAll();
export const sinks: readonly Sink[] = await listIn<Sink>(new URL('sinks/', import.meta.url), 'sink').loadAll();

export const sourceNamed = (name: string): Source => memberNamed(sources, name);
export const sinkNamed = (name: string): Sink => memberNamed(sinks, name);

function memberNamed<Member extends { readonly name: string }>(members: readonly Member[], name: string): Member {
  const member = members.find((candidate) => candidate.name === name);
  if (!member)
    throw new RangeError(`there is no sub-goal ${name}; there are ${members.map((each) => each.name).join(', ')}`);
  return member;
}
