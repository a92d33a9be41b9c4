import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { JsonObject } from '../../core/json.ts';
import type { WorldParameters } from '../../core/types.ts';
import { serverDefinition } from '../../envs/server-list.ts';
import { fixtureOf } from '../../envs/state/fixture.ts';
import { serverPackage } from '../../envs/processes/packages.ts';
import { restoreTree } from '../../envs/state/files/tree.ts';
import { makeWorldFolders } from '../../envs/world-folders.ts';

/** The same servers through nothing but the SDK's own client: what `perf` compares a world with. */
export interface BareClient {
  /** Real folder of a server; paths in arguments have to lie below it. */
  readonly folderOf: (server: string) => string;
  readonly call: (server: string, tool: string, args: JsonObject) => Promise<unknown>;
  /** Puts the folders into their start state, as a world's reset does, without any proof. */
  readonly reset: (parameters: WorldParameters) => void;
  readonly close: () => Promise<void>;
}

export async function openBareClient(servers: readonly string[]): Promise<BareClient> {
  const folders = makeWorldFolders(() => undefined);
  const folderOf = (server: string) => join(folders.main, server);
  const clients = new Map<string, Client>();
  const close = async () => {
    await Promise.all([...clients.values()].map((client) => client.close()));
    folders.remove();
  };
  try {
    for (const server of servers) clients.set(server, await startBare(server, folderOf(server), folders.main));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    folderOf,
    call: (server, tool, args) => clientOf(clients, server).callTool({ name: tool, arguments: args }),
    reset: (parameters) => {
      for (const server of parameters.servers) {
        restoreTree(folderOf(server), fixtureOf(serverDefinition(server), parameters.files[server]).tree);
      }
    },
    close,
  };
}

function clientOf(clients: ReadonlyMap<string, Client>, server: string): Client {
  const client = clients.get(server);
  if (!client) throw new RangeError(`The bare client was opened without the server ${server}`);
  return client;
}

async function startBare(server: string, folder: string, home: string): Promise<Client> {
  const definition = serverDefinition(server);
  const place = { folder, home };
  mkdirSync(folder, { recursive: true });
  restoreTree(folder, fixtureOf(definition).tree);
  const script = join(serverPackage(definition).folder, definition.entry);
  const client = new Client({ name: 'bare', version: '1.0.0' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [script, ...definition.arguments(place)],
    env: { HOME: home, ...definition.environment(place) },
    cwd: folder,
    stderr: 'ignore',
  });
  await client.connect(transport);
  return client;
}
