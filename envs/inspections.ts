import type { ConfinementLevel } from '../core/confinement.ts';
import { TaskFailure } from '../core/errors.ts';
import { inspectedFact, type Fact } from '../core/facts.ts';
import type { Inspection } from '../core/goal-types.ts';
import type { World } from '../core/types.ts';
import { runScript, type ScriptFolder } from './processes/verifier-script.ts';

/** What inspections need of a world. */
export interface InspectedWorld {
  readonly call: World['call'];
  /** The folders of the offered servers, from now on no longer known to be untouched. */
  readonly bare: () => readonly ScriptFolder[];
  /** Text of a program that saw those folders, as the record may hold it. */
  readonly outward: (text: string) => string;
  /** At which level programs are confined. */
  readonly level: ConfinementLevel;
}

/** Looks things up in a world whose episode has ended, in order. */
export async function inspectWorld(
  inspections: readonly Inspection[],
  world: InspectedWorld,
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const [index, inspection] of inspections.entries()) {
    const { state, text, structured } = await (inspection.kind === 'script'
      ? scriptState(inspection, world)
      : callState(inspection, world));
    facts.push(inspectedFact(index, state, text, structured));
  }
  return facts;
}

type Of<Kind extends Inspection['kind']> = Extract<Inspection, { readonly kind: Kind }>;

/** What an inspection saw. */
interface Seen {
  readonly state: string;
  readonly text: string;
  readonly structured?: string | undefined;
}

async function callState({ server, tool, arguments: args }: Of<'call'>, { call }: InspectedWorld): Promise<Seen> {
  const { text, isError, structured } = await call(server, tool, args);
  return { state: isError ? 'error' : 'ok', text, structured };
}

async function scriptState({ command, folder }: Of<'script'>, { bare, outward, level }: InspectedWorld): Promise<Seen> {
  try {
    const { exitCode, text } = await runScript({ command, folder, servers: bare(), level });
    return { state: `${exitCode}`, text: outward(text) };
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    throw new TaskFailure(outward(error.message), { cause: error });
  }
}
