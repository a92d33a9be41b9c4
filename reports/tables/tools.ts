import type { Run } from '../../core/record/read-run.ts';
import { estimate, taskCount, verified } from '../arms/readings.ts';
import { toolParts, type ToolUse } from '../arms/tool-use.ts';
import type { Column, Table } from './table.ts';

const columns: readonly Column[] = [
  { key: 'arm', title: 'Policy, view', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'server', title: 'Server', kind: 'text' },
  { key: 'tool', title: 'Tool', kind: 'text' },
  { key: 'schema_tokens', title: 'Schema tokens', kind: 'count' },
  { key: 'loads', title: 'Loads', kind: 'count' },
  { key: 'calls', title: 'Calls', kind: 'count' },
  { key: 'errors', title: 'Errors', kind: 'count' },
  { key: 'refused', title: 'Refused', kind: 'count' },
  { key: 'argument_faults', title: 'Faults by parameter', kind: 'text' },
  { key: 'needing_tasks', title: 'Tasks that need it', kind: 'count' },
  { key: 'verifier_success', title: 'Their success', kind: 'share' },
  { key: 'missed', title: 'Not called', kind: 'count' },
  { key: 'called_instead', title: 'Called instead', kind: 'text' },
];

/** What policies did with each tool, for those who maintain its server. Only of runs that say which tools there were. */
export default function toolsTable(runs: readonly Run[]): Table {
  const rows = runs.flatMap(toolParts).flatMap(({ label, split, uses }) =>
    uses.map((use) => ({
      arm: label,
      split,
      server: use.tool.server,
      tool: use.tool.name,
      ...toolFigures(use),
    })),
  );
  return {
    name: 'tools',
    title: 'Tools',
    about:
      'Every tool that was offered, by what policies did with it; void episodes are left out. Schema tokens: what a view ' +
      'shows of the tool. Errors: calls that its server answered with an error. Refused: calls that never reached the server, ' +
      'since the schema was not loaded or the arguments did not fit it; faults by parameter counts the latter, a call once for ' +
      'each parameter that was wrong, missing or made up. A task needs the tools of its plan, and those that its checks look ' +
      'for; their success is the verifier’s, with 95 % intervals over tasks. Not called: episodes of those tasks in which the ' +
      'tool was never called. Called instead: tools asked for in these episodes that their tasks do not need, with the number of ' +
      'episodes; a name of no tool is one that the policy made up.',
    columns,
    rows,
  };
}

/** The numbers of a tool's row. */
export const toolFigures = (use: ToolUse) => ({
  schema_tokens: use.tool.tokens,
  loads: use.loads,
  calls: use.calls,
  errors: use.errors,
  refused: use.refused,
  argument_faults: countsText(use.faults),
  needing_tasks: taskCount(use.needing),
  verifier_success: estimate(use.needing, verified),
  missed: use.needing.length === 0 ? null : use.missed,
  called_instead: countsText(use.instead),
});

/** Of the most frequent, e.g. `path 3, title 1`; `null` where nothing was counted. */
export function countsText(counts: ReadonlyMap<string, number>, mostNamed = 6): string | null {
  if (counts.size === 0) return null;
  const sorted = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  const named = sorted.slice(0, mostNamed).map(([name, number]) => `${name} ${number}`);
  const rest = sorted.length - named.length;
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
