import { RUN_PROGRAM } from '../../core/execution.ts';
import { identifiersOf } from '../../core/identifiers.ts';
import type { Action, Tool } from '../../core/types.ts';
import { loadAction, type Call } from './script.ts';

/** Fewer than a program may make. */
const mostCalls = 100;

/** What writes programs over the tools of an episode. */
export interface ProgramWriter {
  /** The expression of a call. */
  readonly callCode: (call: Call) => string;
  /** Loads what the calls need, and runs one program of these lines; `null` where these are more calls than a program may make. */
  readonly actions: (calls: readonly Call[], lines: readonly string[]) => readonly Action[] | null;
}

export function programWriter(tools: readonly Tool[]): ProgramWriter {
  const objects = identifiersOf(tools.map(({ server }) => server));
  return {
    callCode: ({ server, tool, arguments: given }) =>
      `${objects.get(server) ?? server}[${JSON.stringify(tool)}](${JSON.stringify(given)})`,
    actions: (calls, lines) => {
      if (calls.length > mostCalls) return null;
      const byServer = Map.groupBy(calls, ({ server }) => server);
      const loads = [...byServer].map(([server, ofServer]) =>
        loadAction(server, ...new Set(ofServer.map(({ tool }) => tool))),
      );
      return [...loads, { name: RUN_PROGRAM, arguments: { code: lines.join('\n') } }];
    },
  };
}
