import type { Facts } from '../../core/facts.ts';
import type { Files } from '../../core/types.ts';
import { serverDefinition } from '../server-list.ts';
import { fixtureOf } from './fixture.ts';

/** What servers would say of their state in a world that starts from these files (server name → files), without starting one. */
export function startFacts(servers: Iterable<string>, files: Readonly<Record<string, Files>> = {}): Facts {
  const entries = [...servers].flatMap((name) => {
    const { facts } = fixtureOf(serverDefinition(name), files[name]);
    return facts === null ? [] : [[name, facts] as const];
  });
  return Object.fromEntries(entries);
}
