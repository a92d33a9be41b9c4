import { readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import { textOfBytes } from '../../core/text-bytes.ts';
import { ownServerChoice } from './choice.ts';
import { findServers } from './find-servers.ts';
import type { ClientInput } from './inputs.ts';
import { type ReadBlock, readBlock } from './server-block.ts';

/** The servers of a client's file. */
export interface ServersFile {
  readonly path: string;
  /** Without symbolic links. */
  readonly folder: string;
  readonly inputs: readonly ClientInput[];
  readonly servers: ReadonlyMap<string, ReadBlock>;
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** @throws UsageError where it cannot be read, or names no servers. */
export function readServersFile(path: string): ServersFile {
  let text: string;
  try {
    text = textOfBytes(readFileSync(path));
  } catch (error) {
    throw new UsageError(`The configuration file ${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const { blocks, inputs } = findServers(text, path);
  const servers = new Map<string, ReadBlock>();
  for (const [written, source] of blocks) {
    const name = plainName(written);
    if (servers.has(name))
      throw new UsageError(`${path}: two servers are called "${name}" here. Give one another name.`);
    servers.set(name, readBlock(source));
  }
  return { path, folder: dirname(realpathSync(path)), inputs, servers };
}

/** Clients take names that no record may hold: `My server` is `My-server`. */
function plainName(written: string): string {
  if (NAME.test(written)) return written;
  const bare = written
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
  return NAME.test(bare) ? bare : 'server';
}

let known: ServersFile | undefined;

/** The servers of the file that the user named, if any; read once. */
export function chosenServersFile(): ServersFile | undefined {
  const { file } = ownServerChoice();
  if (file === undefined) return undefined;
  if (known?.path !== file) known = readServersFile(file);
  return known;
}

/** What is to be told of such a file: servers that it has switched off. */
export const disabledIn = ({ path, servers }: ServersFile): readonly string[] =>
  [...servers]
    .filter(([, { isDisabled }]) => isDisabled)
    .map(([name]) => `Server ${name} is disabled in ${path}, and is not started.`);
