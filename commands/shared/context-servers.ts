import { readFileSync } from 'node:fs';
import { parse } from 'jsonc-parser';
import { messageOf, UsageError } from '../../core/errors.ts';
import { textOfBytes } from '../../core/text-bytes.ts';
import { addClientServers } from '../../envs/client-servers.ts';
import { serverDefinition } from '../../envs/server-list.ts';
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
function serversOfFile(path: string): readonly string[] {
  if (/\.jsonc?$/.test(path) && !holdsTasks(path)) return clientServers(path);
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

function clientServers(path: string): readonly string[] {
  const { names, remarks } = addClientServers(path);
  remarks.forEach(tell);
  return names;
}
