import { addServers } from '../../envs/server-list.ts';
import { ownServer } from '../../envs/own-server.ts';
import type { Tool } from '../../core/types.ts';
import type { OwnCheck, OwnTask, TaskFile, ToolCall } from './format.ts';
import { didYouMean } from '../../core/near-names.ts';
import type { ReadTaskFile } from './read.ts';
import type { Fault } from './shape.ts';
import type { Path } from './source.ts';

/**
 * Makes the servers of a task file known to this thread.
 * @throws UsageError naming every environment variable that is missing.
 */
export function addOwnServers({ file, folder, complain }: ReadTaskFile): void {
  const servers = Object.entries(file.mcpServers ?? {}).map(([name, block]) => ({
    name,
    ...ownServer(name, block, folder),
  }));
  const faults = servers.flatMap(({ name, faults }) =>
    faults.map(({ path, what }) => ({ path: ['mcpServers', name, ...path], what: `${what}.` })),
  );
  if (faults.length > 0) throw complain(faults);
  addServers(servers.map(({ definition }) => definition));
}

/** Servers of all tasks, in the order in which they are first named. */
export const serversOf = ({ file }: ReadTaskFile): readonly string[] => [
  ...new Set(file.tasks.flatMap(({ servers }) => servers)),
];

/** A call that a task names, and where. */
export interface NamedCall {
  readonly call: ToolCall;
  readonly path: Path;
  /** Its arguments are whole, not some of those of a call to look for. */
  readonly isWhole: boolean;
}

/** Every call that a task makes or looks for. */
export function callsOf(task: OwnTask, path: Path): NamedCall[] {
  const calls = (['setUp', 'plan'] as const).flatMap((key) =>
    (task[key] ?? []).map((call, index) => ({ call, path: [...path, key, index], isWhole: true })),
  );
  return [...calls, ...task.checks.flatMap((check, index) => callOfCheck(check, [...path, 'checks', index]))];
}

function callOfCheck(check: OwnCheck, path: Path): NamedCall[] {
  if ('result' in check) return [{ call: check.result, path: [...path, 'result'], isWhole: true }];
  if ('called' in check) return [{ call: check.called, path: [...path, 'called'], isWhole: false }];
  return 'neverCalled' in check ? [{ call: check.neverCalled, path: [...path, 'neverCalled'], isWhole: false }] : [];
}

/** Names of tools that their servers do not offer. `tools` are those of all servers that the file uses. */
export function toolFaults({ tasks }: TaskFile, tools: readonly Tool[]): Fault[] {
  const names = Map.groupBy(tools, ({ server }) => server);
  return tasks.flatMap((task, index) =>
    callsOf(task, ['tasks', index]).flatMap(({ call: { server, tool }, path }) => {
      const toolNames = (names.get(server) ?? []).map(({ name }) => name);
      if (toolNames.includes(tool)) return [];
      const what = `Server ${server} offers no tool "${tool}".${didYouMean(tool, toolNames)} Offered: ${toolNames.join(', ')}.`;
      return [{ path: [...path, 'tool'], what }];
    }),
  );
}
