import { chosenCounter } from '../../core/run/chosen.ts';
import type { RecordedToolspace } from '../../core/run-types.ts';
import { qwen3Counter } from '../../core/tokens/counter.ts';
import type { Suite, Task } from '../../core/types.ts';
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

function neededTools({ plan, goal }: Task): string[] {
  const lookedFor = goal.kind === 'checks' ? goal.checks.filter((check) => check.kind === 'call' && check.made) : [];
  const calls = [...plan, ...lookedFor] as readonly { readonly server: string; readonly tool: string }[];
  return [...new Set(calls.map(({ server, tool }) => `${server}.${tool}`))];
}
