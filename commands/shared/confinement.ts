import type { Manifest } from '../../core/run-types.ts';
import { allServersOf } from '../../core/suite-servers.ts';
import type { Suite } from '../../core/types.ts';
import { confinement, confinementNote } from '../../envs/confinement/choice.ts';
import { isConfined } from '../../envs/processes/boxes.ts';
import { serverDefinition } from '../../envs/server-list.ts';
import { requireWorlds } from '../../envs/world-places.ts';
import { tell } from './printing.ts';

type Played = Pick<Suite, 'servers' | 'heldOutServers' | 'distractors' | 'sizes'>;

/** What a manifest says of how a suite's servers are confined. */
export const confinementOf = (suite: Played): NonNullable<Manifest['confinement']> => ({
  level: confinement().level,
  unconfined: unconfinedOf(suite),
});

/**
 * Says on standard error how servers are confined, unless none of these is, and which of these are not.
 * @throws UsageError where no server can be started on this system.
 */
export function tellConfinement(suite: Played = { servers: [], heldOutServers: [] }): void {
  requireWorlds();
  const unconfined = unconfinedOf(suite);
  const all = allServersOf(suite);
  if (all.length === 0 || unconfined.length < all.length) tell(confinementNote(confinement()));
  if (unconfined.length === 0) return;
  tell(
    `Not confined, and running with your rights: ${unconfined.join(', ')}. To confine a server, write \`confine: true\` into its block.`,
  );
}

/** A user's own servers, but for those that their blocks or `strict` confine. */
const unconfinedOf = (suite: Played): string[] =>
  allServersOf(suite).filter((name) => {
    const { own } = serverDefinition(name);
    return own !== undefined && !isConfined(own);
  });
