import { UsageError } from '../../core/errors.ts';
import { allServersOf } from '../../core/suite-servers.ts';
import type { Split, Suite } from '../../core/types.ts';
import { addClientServers } from '../../envs/client-servers.ts';
import { chosenDistractors, type DistractorChoice } from '../../envs/distractors/choice.ts';
import { distractedSet, housePool } from '../../envs/distractors/pool.ts';
import { homelessness } from '../../envs/world-folders.ts';
import { listInstead, serverDefinition } from '../../envs/server-list.ts';
import { startFacts } from '../../envs/state/start-facts.ts';
import { drawnIn, ownSetsOf, withDistractors } from '../../suites/tasks/with-distractors.ts';
import { shownPath, tell } from './printing.ts';

/**
 * A suite among the distractors that were asked for, around its tasks of the splits that are played; as it is where none were. Servers of the suite are never drawn, those of its held-out split included.
 * @throws UsageError where so many tools cannot be had, or a server cannot live on this machine.
 */
export function amongDistractors(
  suite: Suite,
  played: ReadonlySet<Split>,
  choice: DistractorChoice | undefined,
): Suite {
  if (!choice) return withDistractors(suite, undefined);
  const pool = poolFor(new Set(allServersOf(suite)), choice.pool);
  const sets = ownSetsOf(suite, played).map((own) => distractedSet(own, pool, choice));
  const drawn = drawnIn(sets);
  const { asked, pool: file } = choice;
  const surrounded = withDistractors(suite, {
    asked,
    ...(file === undefined ? {} : { pool: shownPath(file), facts: startFacts(drawn) }),
    sets,
  });
  for (const name of drawn) refuseHomeless(name);
  return surrounded;
}

/** The servers of one toolspace among those that the user asked for with --tools. Throws `UsageError`. */
export function serversAmongDistractors(own: readonly string[]): readonly string[] {
  const choice = chosenDistractors();
  if (!choice) return own;
  const set = distractedSet(own, poolFor(new Set(own), choice.pool), choice);
  listInstead(drawnIn([set]));
  return set.servers;
}

/** Names of the servers that may be drawn; those of a user's file are known from now on. */
function poolFor(taken: ReadonlySet<string>, file: string | undefined): readonly string[] {
  if (file === undefined) return housePool(taken);
  const { names, remarks } = addClientServers(file, { isPlayed: true, isWanted: (name) => !taken.has(name) });
  remarks.forEach(tell);
  return names;
}

/** Throws `UsageError` where a drawn server cannot live on this machine. */
export function refuseHomeless(name: string): void {
  const fault = homelessness(serverDefinition(name));
  if (!fault) return;
  throw new UsageError(`${fault.message}\n${name} is one of the servers that are added to the toolspace.`, {
    cause: fault,
  });
}
