import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { messageOf, UsageError } from '../../core/errors.ts';
import { schemaFault } from '../argument-check.ts';
import { endProcessesOf } from '../processes/leftovers.ts';
import { npm } from '../processes/npm.ts';
import { clientInfo } from '../processes/revisions.ts';
import { readToolList } from '../processes/tool-list.ts';
import { allPages } from '../processes/tool-pages.ts';
import type { KeptList } from './kept-list.ts';
import type { ListedSource } from './source.ts';

/** A list, and what its package says of its licence. */
export interface Kept {
  readonly list: KeptList;
  readonly licenceText: string;
}

/** How a server is started: `folder` holds its package, `home` is empty. */
interface Started {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

const START_MILLISECONDS = 60_000;
const HTTP_TRIES = 60;

/**
 * Installs a server's pinned package in a folder of its own, without its scripts, starts it there, asks it for all its tools,
 * and removes the folder. `today` is the day that the list will bear. Needs npm and the package registry.
 * @throws UsageError where npm fails, or the server does not start or lists no tools.
 */
export async function keepListOf(source: ListedSource, today: string): Promise<Kept> {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-list-'));
  try {
    install(source, folder);
    const packageFolder = join(folder, 'node_modules', source.package);
    const entries = await toolsOf(source, startOf(source, folder));
    return { list: listOf(source, folder, entries, today), licenceText: licenceIn(packageFolder) };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${whatFailed(source)}: ${messageOf(error)}.`, { cause: error });
  } finally {
    // Some start a second process that outlives them.
    endProcessesOf(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function install(source: ListedSource, folder: string): void {
  const { package: name, version, start } = source;
  const { runtime, rebuild } = start;
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const wanted = [`${name}@${version}`, ...(runtime === undefined ? [] : [runtime])];
  npm(folder, ['install', '--ignore-scripts', '--save-exact', ...wanted], whatFailed(source));
  if (rebuild !== undefined) npm(folder, ['rebuild', rebuild], whatFailed(source));
}

const whatFailed = ({ name, package: packageName, version }: ListedSource): string =>
  `The server ${name} (${packageName} ${version}) could not be asked for its tools`;

function startOf({ start }: ListedSource, folder: string): Started {
  const home = join(folder, 'home');
  mkdirSync(home);
  for (const [path, text] of Object.entries(start.files ?? {})) writeFileSync(join(home, path), text);
  const filled = (text: string) => text.replaceAll('{FOLDER}', home);
  const environment = Object.entries(start.environment ?? {}).map(([key, value]) => [key, filled(value)]);
  const bin = join(folder, 'node_modules', '.bin');
  return {
    // The Node for which npm compiles.
    command: start.runtime === undefined ? process.execPath : join(folder, 'node_modules', runtimeOf(start.runtime)),
    args: start.arguments.map(filled),
    env: {
      PATH: [bin, process.env['PATH'] ?? ''].join(delimiter),
      HOME: home,
      TMPDIR: home,
      ...Object.fromEntries(environment),
    },
    cwd: folder,
  };
}

/** `@oven/bun-linux-x64@1.4.5` → `@oven/bun-linux-x64/bin/bun`. */
const runtimeOf = (spec: string): string => join(spec.replace(/(?<=.)@[^@/]*$/, ''), 'bin', 'bun');

async function toolsOf({ start: { url } }: ListedSource, started: Started): Promise<unknown> {
  if (url === undefined)
    return asked(new StdioClientTransport({ ...started, args: [...started.args], stderr: 'ignore' }));
  const { command, args, env, cwd } = started;
  const server = spawn(command, args, { env, cwd, stdio: 'ignore' });
  try {
    return await whenItListens(() => asked(new StreamableHTTPClientTransport(new URL(url))));
  } finally {
    server.kill();
  }
}

async function whenItListens<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++)
    try {
      return await ask();
    } catch (error) {
      if (tries === HTTP_TRIES) throw error;
      await delay(START_MILLISECONDS / HTTP_TRIES);
    }
}

/** The raw result, since one bad tool would cost the whole list where the client reads it. */
async function asked(transport: StdioClientTransport | StreamableHTTPClientTransport): Promise<unknown> {
  const client = new Client(clientInfo);
  const timeout = START_MILLISECONDS;
  try {
    await client.connect(transport, { timeout });
    const ask = (params: object) =>
      client.request({ method: 'tools/list', params: { ...params } }, ResultSchema, { timeout });
    return (await allPages(ask)).result;
  } finally {
    await client.close();
  }
}

/** Leaves out what nobody could call, as lists of the catalogue's servers do. */
function listOf(source: ListedSource, folder: string, result: unknown, date: string): KeptList {
  const { name: server, package: name, version, licence } = source;
  const { tools, quarantined } = readToolList({ server, expectedTools: 1, isOwn: false }, result);
  const faults = tools.flatMap(({ name: tool, inputSchema }) => {
    const reason = schemaFault(inputSchema);
    return reason === undefined ? [] : [{ name: tool, reason }];
  });
  const offered = new Set(
    tools.map((tool) => tool.name).filter((tool) => faults.every((fault) => fault.name !== tool)),
  );
  const entries = (result as { readonly tools: readonly { readonly name: string }[] }).tools;
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity: string }>>;
  };
  return {
    package: name,
    version,
    licence,
    integrity: lock.packages[`node_modules/${name}`]?.integrity ?? '',
    date,
    // One that is listed twice stands there once.
    tools: entries.filter((entry) => offered.delete(entry.name)),
    quarantined: [...quarantined, ...faults],
  };
}

/** The licence file that a package ships, or what its `package.json` says where it ships none. */
function licenceIn(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(folder, file), 'utf8');
  const { name, version, license, author, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, unknown>>;
  const said = JSON.stringify({ name, version, license, author, repository }, null, 2);
  return `The package ships no licence file. Its package.json says:\n\n${said}\n`;
}
