import { UsageError } from '../core/errors.ts';
import { catalogueDefinitions } from './catalogue.ts';
import { listedDefinitions } from './listed/definition.ts';
import type { ServerDefinition } from './server-definition.ts';

/** Names of all servers: the folder `envs/servers` is the list. */
export const serverNames: readonly string[] = [...catalogueDefinitions.keys()];

/** Names of those that do not come with Toolstone: `toolstone servers install NAME` adds them. */
export const installableNames: readonly string[] = serverNames.filter(
  (name) => catalogueDefinitions.get(name)?.onRequest !== undefined,
);

/** Names of servers that are not run, but for those that the catalogue has, too. */
export const listedNames: readonly string[] = [...listedDefinitions.keys()].filter(
  (name) => !catalogueDefinitions.has(name),
);

/** Users' own servers, known to this thread by name. */
const ownDefinitions = new Map<string, ServerDefinition>();

/**
 * Makes users' own servers known beside those of the catalogue, and before those of the same name.
 * @throws UsageError when a name already stands for another server of a user's own.
 */
export function addServers(servers: readonly ServerDefinition[]): void {
  for (const definition of servers) {
    const { name } = definition;
    const earlier = ownDefinitions.get(name);
    if (earlier && JSON.stringify(earlier.own?.source) !== JSON.stringify(definition.own?.source))
      throw new UsageError(`Two task files describe a server "${name}", each in its own way. Give one another name.`);
    if (!earlier) ownDefinitions.set(name, definition);
  }
}

/** Servers of the catalogue that are not run in this thread, because they surround the tasks of the suite in use. */
let unrun: ReadonlySet<string> = new Set();

/**
 * From now on these servers, where the catalogue has them on request alone, are listed in this thread, whether they are installed
 * or not, and no others: those of an earlier call are run again. The suite that was opened last decides it.
 */
export function listInstead(names: Iterable<string>): void {
  unrun = new Set([...names].filter((name) => installableNames.includes(name) && listedDefinitions.has(name)));
}

/** What `work` gives where these servers are listed, as `listInstead` has it; afterwards all is as it was before. */
export function listing<Result>(names: Iterable<string>, work: () => Result): Result {
  const before = unrun;
  listInstead(names);
  try {
    return work();
  } finally {
    unrun = before;
  }
}

/** @throws UsageError naming the known servers. */
export function serverDefinition(name: string): ServerDefinition {
  const run = ownDefinitions.get(name) ?? (unrun.has(name) ? undefined : catalogueDefinitions.get(name));
  const definition = run ?? listedDefinitions.get(name);
  if (!definition) {
    const names = [...new Set([...serverNames, ...ownDefinitions.keys()])].join(', ');
    const listed = `Listed ones, which are not run: ${listedNames.join(', ')}.`;
    throw new UsageError(`There is no server "${name}". Known servers: ${names}. ${listed}`);
  }
  return definition;
}
