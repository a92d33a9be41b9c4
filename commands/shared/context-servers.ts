import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { messageOf, UsageError } from '../../core/errors.ts';
import { textOfBytes } from '../../core/text-bytes.ts';
import { disabledIn, readServersFile } from '../../envs/client-files/servers-file.ts';
import { ownServer } from '../../envs/own-server.ts';
import { addServers, serverDefinition } from '../../envs/server-list.ts';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import { addOwnServers, serversOf } from '../../suites/own-tasks/servers.ts';
import { tell } from './printing.ts';

/** Servers that words name: themselves, or files of them, whose servers are known from now on. Throws `UsageError`. */
export function serversNamed(words: readonly string[]): string[] {
  const names = words.flatMap((word) => (isFile(word) ? serversOfFile(word) : [serverDefinition(word).name]));
  return [...new Set(names)];
}

const isFile = (word: string): boolean => /\.(json|jsonc|jsonl|yaml|yml)$/.test(word);

/** Servers of one file: those of a task file that it describes or plays on, or those of a client's. */
function serversOfFile(path: string): string[] {
  if (/\.jsonc?$/.test(path) && !holdsTasks(path)) return addClientServers(path);
  const read = readTaskFile(path);
  addOwnServers(read);
  const described = [...read.blocks].flatMap(([name, { isDisabled }]) => (isDisabled ? [] : [name]));
  return [...described, ...serversOf(read)];
}

function holdsTasks(path: string): boolean {
  try {
    const value: unknown = parse(textOfBytes(readFileSync(path)), [], { allowTrailingComma: true });
    return typeof value === 'object' && value !== null && Array.isArray((value as { readonly tasks?: unknown }).tasks);
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

export interface ClientServersOptions {
  /** Whether packages are fetched, for servers that are played on and not only listed. */
  readonly isPlayed?: boolean;
  /** Which servers are added; by default all. */
  readonly isWanted?: (name: string) => boolean;
}

/**
 * Makes the servers of a client's file known, those left out that it has switched off; their names.
 * @throws UsageError with everything that is wrong with the file.
 */
export function addClientServers(
  path: string,
  { isPlayed = false, isWanted = () => true }: ClientServersOptions = {},
): string[] {
  const file = readServersFile(path);
  disabledIn(file).forEach(tell);
  const { folder, inputs } = file;
  const servers = [...file.servers].flatMap(([name, read]) => {
    if (read.isDisabled || !isWanted(name)) return [];
    // A block with a fault of its own may be none that can be made.
    const source = { block: read.block, folder, isOfClient: true, inputs };
    const made = read.faults.length > 0 ? undefined : ownServer(name, source, { isPlayed });
    return [{ name, read, made }];
  });
  const faults = servers.flatMap(({ name, read, made }) => [
    ...read.faults.map(({ key, what }) => `${path}: ${name}${key === undefined ? '' : `.${key}`}: ${what}`),
    ...(made?.faults ?? []).map(({ path: place, what }) => `${path}: ${[name, ...place].join('.')}: ${what}.`),
  ]);
  if (faults.length > 0) throw new UsageError(faults.join('\n'));
  for (const { read, made } of servers) {
    if (!made) continue;
    const { own } = made.definition;
    addServers([own ? { ...made.definition, own: { ...own, notes: [...read.notes, ...own.notes] } } : made.definition]);
  }
  return servers.map(({ name }) => name);
}
