import pLimit from 'p-limit';
import { UsageError } from '../../core/errors.ts';
import { schemaFault } from '../argument-check.ts';
import type { OwnServerChoice } from '../client-files/choice.ts';
import { type Confinement, confinement } from '../confinement/choice.ts';
import { makeServerFolders, type LanePlacement } from './server-folders.ts';
import { serverDefinition } from '../server-list.ts';
import { DEFAULT_CALL_DEADLINE_MILLISECONDS, STARTS_AT_A_TIME } from './connection.ts';
import type { OwnServer } from '../server-definition.ts';
import { fixtureOf } from '../state/fixture.ts';
import type { Deadlines } from './deadlines.ts';
import { startServer } from './launch.ts';
import { startTimesOf } from './start-times.ts';
import { startInTries } from './starts.ts';
import { startSupervisor, type Supervisor } from './supervisor.ts';
import type { ToolList } from './tool-list.ts';
import { restoreTree } from '../state/files/tree.ts';
import { makeWorldFolders } from '../world-folders.ts';

/** What the process that probes reads on its standard input: users' own servers by name, and what the user said. */
export interface ProbeInput {
  readonly sources: Readonly<Record<string, OwnServer['source']>>;
  readonly deadlines: Deadlines;
  readonly confinement: Confinement;
  readonly ownServers: OwnServerChoice;
}

/** What a server answered when it was started and asked for its tools, or the sentence that says why it does not start. */
export type Probed = { readonly list: ToolList; readonly startMilliseconds: number } | { readonly fault: string };

/** By the names of servers. */
export type ProbedLists = Readonly<Record<string, Probed>>;

/**
 * Starts each server and asks for its tools. Those of the catalogue whose schemas do not compile are quarantined; of a user's
 * own they go unchecked, since its other clients call them.
 */
export async function probe(servers: readonly string[]): Promise<ProbedLists> {
  const supervisor = startSupervisor();
  const folders = makeWorldFolders(supervisor.addFolder);
  const placement = { folder: folders.main, folderFor: folders.folderFor, level: confinement().level };
  const limit = pLimit(STARTS_AT_A_TIME);
  try {
    const answers = servers.map((name) =>
      limit(() => startInTries(() => probeOne(name, placement, supervisor))).catch((error: unknown) => {
        if (!(error instanceof UsageError)) throw error;
        return { fault: error.message };
      }),
    );
    const lists = await Promise.all(answers);
    return Object.fromEntries(servers.map((name, index) => [name, lists[index] as Probed]));
  } finally {
    folders.remove();
    await supervisor.close();
  }
}

async function probeOne(server: string, placement: LanePlacement, supervisor: Supervisor): Promise<Probed> {
  const definition = serverDefinition(server);
  const folders = makeServerFolders(definition, placement);
  restoreTree(folders.state, fixtureOf(definition).tree);
  const connection = await startServer(definition, folders, DEFAULT_CALL_DEADLINE_MILLISECONDS, supervisor);
  const startMilliseconds = startTimesOf(definition).at(-1) ?? 0;
  await connection.close();
  return { list: definition.own ? withRemarks(connection.list) : compiled(connection.list), startMilliseconds };
}

function compiled({ tools, quarantined }: ToolList): ToolList {
  const faults = new Map(tools.map((tool) => [tool.name, schemaFault(tool.inputSchema)]));
  return {
    tools: tools.filter((tool) => faults.get(tool.name) === undefined),
    quarantined: [
      ...quarantined,
      ...[...faults].flatMap(([name, reason]) => (reason === undefined ? [] : [{ name, reason }])),
    ],
  };
}

function withRemarks(list: ToolList): ToolList {
  const unchecked = list.tools.flatMap(({ name, inputSchema, outputSchema = {} }) =>
    Object.entries({ inputSchema, outputSchema }).flatMap(([key, schema]) => {
      const fault = schemaFault(schema);
      return fault === undefined ? [] : [`nothing is checked by the ${key} of its tool "${name}" (${fault})`];
    }),
  );
  return unchecked.length === 0 ? list : { ...list, remarks: [...(list.remarks ?? []), ...unchecked] };
}
