import { UsageError } from '../core/errors.ts';
import { disabledIn, readServersFile } from './client-files/servers-file.ts';
import { ownServer } from './own-server.ts';
import { addServers } from './server-list.ts';

export interface ClientServersOptions {
  /** Whether packages are fetched, for servers that are played on and not only listed. */
  readonly isPlayed?: boolean;
  /** Which servers are added; by default all. */
  readonly isWanted?: (name: string) => boolean;
}

export interface ClientServers {
  readonly names: readonly string[];
  /** What is to be told of servers that were left out, a sentence each. */
  readonly remarks: readonly string[];
}

/**
 * Makes the servers of a client's file known to this thread, but for those that it has switched off.
 * @throws UsageError with everything that is wrong with the file.
 */
export function addClientServers(
  path: string,
  { isPlayed = false, isWanted = () => true }: ClientServersOptions = {},
): ClientServers {
  const file = readServersFile(path);
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
  return { names: servers.map(({ name }) => name), remarks: disabledIn(file) };
}
