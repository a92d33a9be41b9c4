import type { Json } from '../../core/json.ts';
import { callsOf, type ScoredTrajectory } from '../../core/trajectory.ts';
import type { Task, Tool } from '../../core/types.ts';
import { isReader } from './drafting/example.ts';

const longestEqual = 100;

/** Kinds of checks that no value which a tool returns can fail, while the plan's answer is given as it was written. */
const blindKinds: readonly string[] = ['answer', 'call', 'unchanged'];

/**
 * What to add to a task that asks for an answer and has no check on the value behind it, once its plan was played: with `oracle`
 * another value would pass. `null` where a check reads something else than the answer and the calls, or where no tool was called.
 */
export function unguarded(task: Task, played: ScoredTrajectory, tools: readonly Tool[]): string | null {
  const { goal } = task;
  if (goal.kind === 'state' || !goal.checks.some(({ kind }) => kind === 'answer')) return null;
  if (goal.checks.some(({ kind }) => !blindKinds.includes(kind))) return null;
  const results = callsOf(played).flatMap(({ action, event, observation }): Result[] => {
    const { server, tool, arguments: args } = action.arguments;
    if (event.kind !== 'called' || observation.isError || typeof server !== 'string' || typeof tool !== 'string')
      return [];
    return [{ server, tool, arguments: args ?? {}, text: observation.text }];
  });
  const last = results.at(-1);
  if (last === undefined) return null;
  const read = results.findLast((one) =>
    tools.some((tool) => tool.server === one.server && tool.name === one.tool && isReader(tool)),
  );
  const { server, tool, text } = read ?? last;
  const blind = `No check notices if ${server}.${tool} returns another value: the policy oracle gives the answer that you wrote, whatever a tool returns.`;
  if (read === undefined) return `${blind} Add a \`result\` check with a tool that reads the value.`;
  return `${blind} Add this line to the checks${isShort(text) ? '' : ', with the part of the result on which the answer rests'}:\n${lineFor(read)}`;
}

const isShort = (text: string): boolean => text.length <= longestEqual && !text.includes('\n');

interface Result {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Json;
  readonly text: string;
}

function lineFor({ server, tool, arguments: args, text }: Result): string {
  const given = JSON.stringify(args) === '{}' ? '' : `, arguments: ${JSON.stringify(args)}`;
  const test = isShort(text) ? `equals: ${JSON.stringify(text)}` : 'contains: "…"';
  return `  - { result: { server: ${server}, tool: ${tool}${given} }, ${test} }`;
}
