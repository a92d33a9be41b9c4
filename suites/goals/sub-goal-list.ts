import { listIn } from '../../core/list.ts';
import type { Sink, Source } from '../tasks/sub-goal.ts';

/** All sub-goals: the folders `sources` and `sinks` are the lists, in the order of their files' names. */
const sourceList = listIn<Source>(new URL('sources/', import.meta.url), 'source');
const sinkList = listIn<Sink>(new URL('sinks/', import.meta.url), 'sink');
export const sources: readonly Source[] = await sourceList.loadAll();
export const sinks: readonly Sink[] = await sinkList.loadAll();

export const sourceNamed = (name: string): Source => memberNamed(sources, name);
export const sinkNamed = (name: string): Sink => memberNamed(sinks, name);

function memberNamed<Member extends { readonly name: string }>(members: readonly Member[], name: string): Member {
  const member = members.find((candidate) => candidate.name === name);
  if (!member)
    throw new RangeError(`there is no sub-goal ${name}; there are ${members.map((each) => each.name).join(', ')}`);
  return member;
}
