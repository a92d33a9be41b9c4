import { Incomparable, messageOf, UsageError, WorldDamage, WorldFailure } from '../../core/errors.ts';
import { driftExcerpt } from '../../core/drift/drift.ts';
import { offeredDrift, type Offered } from '../../core/drift/offered.ts';
import type { Prove } from '../../core/run/conduct.ts';
import type { Manifest } from '../../core/run-types.ts';
import { openCanary, type Canary } from '../../envs/canary.ts';
import { serverDefinition } from '../../envs/server-list.ts';
import { listedAnew } from '../../envs/toolspaces.ts';

/** What a run proves of its surroundings before its first episode and after its last. */
export interface RunProofs {
  readonly prove: Prove;
  readonly close: () => Promise<void>;
}

/**
 * Where servers of the catalogue play, a canary world is written to, read, reset and compared, first and last. Users' own servers are
 * not written to: those are started and asked for their tools once more at the end, which have to be what the manifest says.
 */
export function runProofs(manifest: Manifest, canary: Canary = openCanary()): RunProofs {
  const names = Object.keys(manifest.servers);
  const own = names.filter((name) => serverDefinition(name).own !== undefined);
  return {
    prove: async (when) => {
      if (own.length < names.length) await proveWorlds(canary, when);
      if (when === 'last' && own.length > 0) await proveOffer(manifest, own);
    },
    close: canary.close,
  };
}

const consequences = {
  first:
    'Nothing was played, for episodes here would not be sound. Check whether the disk or the shared memory is full, and whether ' +
    '`toolstone doctor` finds something wrong; then re-run the same command.',
  last:
    'The records of this run are kept, but not sealed as sound, and no report is made of them. Check whether the disk or the shared ' +
    'memory is full, then re-run the same command to have them proved again, or with --fresh to play them again.',
} as const;

/** Throws `UsageError`, as whatever keeps worlds from being made ready. */
async function proveWorlds(canary: Canary, when: 'first' | 'last'): Promise<void> {
  try {
    await canary.prove();
  } catch (error) {
    if (!isOfSurroundings(error)) throw error;
    const place = when === 'first' ? 'before the first episode' : 'after the last episode';
    const why = messageOf(error).replace(/\.$/, '');
    throw new UsageError(`The canary world failed ${place}: ${why}. ${consequences[when]}`, { cause: error });
  }
}

/** A world broke, or the machine has no more to give. */
const isOfSurroundings = (error: unknown): boolean =>
  error instanceof WorldFailure ||
  error instanceof WorldDamage ||
  error instanceof UsageError ||
  (error as NodeJS.ErrnoException | undefined)?.code !== undefined;

function askedAgain(own: readonly string[]): ReturnType<typeof listedAnew> {
  try {
    return listedAnew(own);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      'After the last episode your servers could not be asked for their tools again, so that nobody knows whether they offered the same ' +
        `throughout. The records are kept, but not sealed as sound; re-run the same command to have the servers asked once more.\n${error.message}`,
      { cause: error },
    );
  }
}

/** Throws `Incomparable` where they offer something else than when the run began, and `UsageError` where they do not start. */
async function proveOffer(manifest: Manifest, own: readonly string[]): Promise<void> {
  const { servers, tools } = askedAgain(own);
  const before = Object.fromEntries(Object.entries(manifest.servers).filter(([name]) => own.includes(name)));
  const now: Offered = {
    servers,
    toolspace: { tools: tools.map((tool) => ({ ...tool, tokens: 0 })), needs: {} },
  };
  const drift = offeredDrift({ ...manifest, servers: before }, now);
  if (drift.length === 0) return;
  throw new Incomparable(
    [
      ...driftExcerpt(drift),
      'Your servers offered something else after the last episode than before the first, so that episodes of this run are incomparable ' +
        'among themselves. The records are kept, but not sealed as sound, and no report is made of them. Re-run the command with --fresh ' +
        'once the servers offer the same throughout.',
    ].join('\n'),
  );
}
