import { chosenCounter } from '../../core/run/chosen.ts';
import type { Job, Manifest, RecordedToolspace } from '../../core/run-types.ts';
import { qwen3Counter } from '../../core/tokens/counter.ts';
import type { Split, Suite, Task } from '../../core/types.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { schemaText } from '../../envs/view-parts/tool-index.ts';

/** What the manifest of a run of own tasks keeps for tables by tool. */
export function recordedToolspace({ servers, splits, tasks }: Suite): RecordedToolspace {
  const counter = chosenCounter() ?? qwen3Counter;
  return {
    tools: toolspaceOf(servers).tools.map((tool) => ({ ...tool, tokens: counter.count(schemaText(tool)) })),
    needs: Object.fromEntries(
      splits.flatMap((split) => tasks(split, Infinity)).map((task) => [task.id, neededTools(task)]),
    ),
  };
}

/**
 * What the manifest of every run keeps for measures of how tools are found: the tools that tasks need on which its jobs are
 * measured. A task of a user's own that has no plan may be solved by any: it is left out.
 */
export function neededBy(suite: Suite, jobs: readonly Job[]): NonNullable<Manifest['needs']> {
  const most = new Map<Split, number>();
  for (const { split, after = 0, tasks } of jobs.flatMap(({ evaluations }) => evaluations))
    most.set(split, Math.max(most.get(split) ?? 0, after + tasks));
  const measured = [...most].flatMap(([split, count]) => suite.tasks(split, count));
  const planned = measured.filter(({ plan }) => !suite.isOwn || plan.length > 0);
  return Object.fromEntries(planned.map((task) => [task.id, neededTools(task)]));
}

/** `SERVER.TOOL` of a task's planned calls, and of those that its checks look for, each once. */
export function neededTools({ plan, goal }: Task): string[] {
  const lookedFor = goal.kind === 'checks' ? goal.checks.filter((check) => check.kind === 'call' && check.made) : [];
  const calls = [...plan, ...lookedFor] as readonly { readonly server: string; readonly tool: string }[];
  return [...new Set(calls.map(({ server, tool }) => `${server}.${tool}`))];
}
