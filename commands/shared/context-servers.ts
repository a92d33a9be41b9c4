import { readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { McpServer } from '../../envs/mcp-configuration.ts';
import { ownServer } from '../../envs/own-server.ts';
import { addServers, serverDefinition } from '../../envs/server-list.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import { addOwnServers, serversOf } from '../../suites/own-tasks/servers.ts';

/** Servers that words name: themselves, or files of them, whose servers are known from now on. Throws `UsageError`. */
export function serversNamed(words: readonly string[]): string[] {
  const names = words.flatMap((word) => (isFile(word) ? serversOfFile(word) : [serverDefinition(word).name]));
  return [...new Set(names)];
}

const isFile = (word: string): boolean => /\.(json|jsonc|jsonl|yaml|yml)$/.test(word);

/** Servers of one file: those of a task file that it describes or plays on, or those of a client's. */
function serversOfFile(path: string): string[] {
  if (!/\.jsonc?$/.test(path) || 'tasks' in clientFile(path)) {
    const read = readTaskFile(path);
    addOwnServers(read);
    return [...Object.keys(read.file.mcpServers ?? {}), ...serversOf(read)];
  }
  return addClientServers(path);
}

/** Makes the servers of a client's file known; their names. */
function addClientServers(path: string): string[] {
  const { mcpServers } = clientFile(path);
  if (!isObject(mcpServers))
    throw new UsageError(
      `${path} describes no servers. Servers stand below the key mcpServers, as MCP clients have it.`,
    );
  const folder = dirname(realpathSync(path));
  const servers = Object.entries(mcpServers).map(([name, block]) => {
    const { command, url } = isObject(block) ? block : {};
    if (typeof command !== 'string' && typeof url !== 'string')
      throw new UsageError(`${path}: mcpServers.${name} has neither a command nor a url, of which a server needs one.`);
    return { name, ...ownServer(name, block as McpServer, folder) };
  });
  const faults = servers.flatMap(({ name, faults: ofServer }) =>
    ofServer.map(({ path: place, what }) => `${path}: mcpServers.${[name, ...place].join('.')}: ${what}.`),
  );
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  addServers(servers.map(({ definition }) => definition));
  return servers.map(({ name }) => name);
}

function clientFile(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isObject(value) ? value : {};
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
