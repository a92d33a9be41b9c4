import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { schemaFault } from './argument-check.ts';
import { serverDefinition } from './catalogue.ts';
import { connect } from './connection.ts';
import { fixtureOf } from './fixture.ts';
import { lanesBase } from './lanes-base.ts';
import { installPreload, launchOf } from './launch.ts';
import { startSupervisor, type Supervisor } from './supervisor.ts';
import type { ToolList } from './tool-list.ts';
import { restoreTree } from './tree.ts';

const STARTS_AT_A_TIME = 2;
const CALL_DEADLINE_MILLISECONDS = 10_000;

/** Starts each server once and asks for its tools, schemas that do not compile quarantined. */
export async function probe(servers: readonly string[]): Promise<Readonly<Record<string, ToolList>>> {
  const supervisor = startSupervisor();
  const root = mkdtempSync(join(lanesBase(), 'toolstone-'));
  supervisor.addFolder(root);
  installPreload(root);
  const limit = pLimit(STARTS_AT_A_TIME);
  try {
    const lists = await Promise.all(servers.map((name) => limit(() => probeOne(name, root, supervisor))));
    return Object.fromEntries(servers.map((name, index) => [name, lists[index] as ToolList]));
  } finally {
    rmSync(root, { recursive: true, force: true });
    await supervisor.close();
  }
}

async function probeOne(server: string, laneFolder: string, supervisor: Supervisor): Promise<ToolList> {
  const folder = join(laneFolder, server);
  const home = join(laneFolder, '.home', server);
  for (const path of [folder, home]) mkdirSync(path, { recursive: true });
  const definition = serverDefinition(server);
  restoreTree(folder, fixtureOf(definition).tree);
  const launch = launchOf(definition, { laneFolder, folder, home, isBoxed: false }, CALL_DEADLINE_MILLISECONDS);
  const connection = await connect(launch, supervisor);
  await connection.close();
  const { tools, quarantined } = connection.list;
  const faults = new Map(tools.map((tool) => [tool.name, schemaFault(tool.inputSchema)]));
  return {
    tools: tools.filter((tool) => faults.get(tool.name) === undefined),
    quarantined: [
      ...quarantined,
      ...[...faults].flatMap(([name, reason]) => (reason === undefined ? [] : [{ name, reason }])),
    ],
  };
}
