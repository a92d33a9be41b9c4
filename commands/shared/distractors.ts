import type { Facts } from '../../core/facts.ts';
import { UsageError } from '../../core/errors.ts';
import type { Split, Suite } from '../../core/types.ts';
import { addClientServers } from '../../envs/client-servers.ts';
import { chosenDistractors } from '../../envs/distractors/choice.ts';
import { distractedSet, housePool } from '../../envs/distractors/pool.ts';
import { homelessness } from '../../envs/world-folders.ts';
import { serverDefinition } from '../../envs/server-list.ts';
import { fixtureOf } from '../../envs/state/fixture.ts';
import { drawnIn, ownSetsOf, withDistractors } from '../../suites/tasks/with-distractors.ts';
import { shownPath, tell } from './printing.ts';

/**
 * A suite among the distractors that the user asked for with --tools, around its tasks of the splits that are played; as it is
 * where nobody asked. Servers of the suite are never drawn, those of its held-out split included.
 * @throws UsageError where so many tools cannot be had, or a server cannot live on this machine.
 */
export function amongDistractors(suite: Suite, played: ReadonlySet<Split>): Suite {
  const choice = chosenDistractors();
  if (!choice) return suite;
  const pool = poolFor(new Set([...suite.servers, ...suite.heldOutServers]), choice.pool);
  const sets = ownSetsOf(suite, played).map((own) => distractedSet(own, pool, choice));
  const drawn = drawnIn(sets);
  for (const name of drawn) refuseHomeless(name);
  const { asked, pool: file } = choice;
  return withDistractors(suite, {
    asked,
    ...(file === undefined ? {} : { pool: shownPath(file), facts: factsOf(drawn) }),
    sets,
  });
}

/** The servers of one toolspace among those that the user asked for with --tools. Throws `UsageError`. */
export function serversAmongDistractors(own: readonly string[]): readonly string[] {
  const choice = chosenDistractors();
  return choice ? distractedSet(own, poolFor(new Set(own), choice.pool), choice).servers : own;
}

/** Names of the servers that may be drawn; those of a user's file are known from now on. */
function poolFor(taken: ReadonlySet<string>, file: string | undefined): readonly string[] {
  if (file === undefined) return housePool(taken);
  const { names, remarks } = addClientServers(file, { isPlayed: true, isWanted: (name) => !taken.has(name) });
  remarks.forEach(tell);
  return names;
}

function factsOf(servers: Iterable<string>): Facts {
  const entries = [...servers].flatMap((name) => {
    const { facts } = fixtureOf(serverDefinition(name));
    return facts === null ? [] : [[name, facts] as const];
  });
  return Object.fromEntries(entries);
}

/** Throws `UsageError` where a drawn server cannot live on this machine. */
export function refuseHomeless(name: string): void {
  const fault = homelessness(serverDefinition(name));
  if (!fault) return;
  throw new UsageError(`${fault.message}\n${name} is one of the servers that are added to the toolspace.`, {
    cause: fault,
  });
}
