import type { ConfinementLevel } from '../core/confinement.ts';
import { TaskFailure } from '../core/errors.ts';
import { inspectedFact, type Fact } from '../core/facts.ts';
import type { EndedEpisode, Inspection } from '../core/goal-types.ts';
import type { World } from '../core/types.ts';
import { moduleProgram, moduleReads } from './modules/places.ts';
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
  /** What scripts and verifiers are told of. */
  readonly episode: EndedEpisode;
}

/** Looks things up in a world whose episode has ended, in order. */
export async function inspectWorld(
  inspections: readonly Inspection[],
  world: InspectedWorld,
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const [index, inspection] of inspections.entries()) {
    const { state, text, structured } = await (inspection.kind === 'call'
      ? callState(inspection, world)
      : scriptState(inspection, world));
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

async function scriptState(
  inspection: Of<'script' | 'module'>,
  { bare, outward, level, episode }: InspectedWorld,
): Promise<Seen> {
  const servers = bare();
  try {
    const run = { folder: inspection.folder, servers, level, input: JSON.stringify(episode) };
    const { exitCode, text } = await runScript({ ...run, ...programOf(inspection, servers) });
    return { state: `${exitCode}`, text: outward(text) };
  } catch (error) {
    if (!(error instanceof TaskFailure)) throw error;
    throw new TaskFailure(outward(error.message), { cause: error });
  }
}

function programOf(inspection: Of<'script' | 'module'>, servers: readonly ScriptFolder[]) {
  if (inspection.kind === 'script') return { command: inspection.command };
  const { file } = inspection;
  const places = servers.map(({ server }) => `${server}={${server}}`);
  const command = [process.execPath, moduleProgram('verify'), file, ...places];
  return { command, name: `verifier ${file}`, reads: moduleReads() };
}
