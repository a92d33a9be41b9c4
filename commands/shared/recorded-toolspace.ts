import { chosenCounter } from '../../core/run/chosen.ts';
import type { Job, RecordedToolspace } from '../../core/run-types.ts';
import { qwen3Counter } from '../../core/tokens/counter.ts';
import type { Suite, Task } from '../../core/types.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { schemaText } from '../../envs/view-parts/tool-index.ts';

/** What a manifest keeps for tables by tool. House suites have tasks without end: those that the jobs are measured on count. */
export function recordedToolspace(suite: Suite, jobs: readonly Job[]): RecordedToolspace {
  const counter = chosenCounter() ?? qwen3Counter;
  const servers = [...new Set([...suite.servers, ...suite.heldOutServers])];
  const measured = suite.isOwn
    ? suite.splits.flatMap((split) => suite.tasks(split, Infinity))
    : jobs.flatMap(({ evaluations }) => evaluations.flatMap(({ split, tasks }) => suite.tasks(split, tasks)));
  return {
    tools: toolspaceOf(servers).tools.map((tool) => ({ ...tool, tokens: counter.count(schemaText(tool)) })),
    needs: Object.fromEntries(measured.map((task) => [task.id, neededTools(task)])),
  };
}

function neededTools({ plan, goal }: Task): string[] {
  const lookedFor = goal.kind === 'checks' ? goal.checks.filter((check) => check.kind === 'call' && check.made) : [];
  const calls = [...plan, ...lookedFor] as readonly { readonly server: string; readonly tool: string }[];
  return [...new Set(calls.map(({ server, tool }) => `${server}.${tool}`))];
}
