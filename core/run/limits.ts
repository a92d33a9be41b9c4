import { loadedAtOnce } from '../view-loads.ts';
import type { Task, ViewName } from '../types.ts';
import type { Limits } from '../run-types.ts';

/** The limits of `basic`: the paper's 31,000 tokens of context (ATLAS table 2) and 4,000 per tool response. */
export const defaultLimits: Limits = { contextTokens: 31_000, resultTokens: 4_000 };

/** The limits of a task's episodes: what the user gave goes before what the task asks for, and that before the usual. */
export const limitsOf = (
  { limits }: { readonly limits?: Task['limits'] | undefined },
  given: Partial<Limits> = {},
): Limits => ({
  ...defaultLimits,
  ...limits,
  ...given,
});

/**
 * Most turns of an episode: one and a half times what a careful policy needs in this view, and two more. A careful policy
 * loads one tool (or one server) per turn, makes every planned call and finishes each message. Settings of a view change nothing.
 */
export function turnLimit(task: Pick<Task, 'plan' | 'mostTurns' | 'messages'>, view: ViewName): number {
  if (task.mostTurns !== null) return task.mostTurns;
  const servers = new Set(task.plan.map((call) => call.server)).size;
  const tools = new Set(task.plan.map((call) => `${call.server} ${call.tool}`)).size;
  const loads = { nothing: 0, server: servers, tool: tools }[loadedAtOnce(view)];
  return Math.ceil(1.5 * (loads + task.plan.length + (task.messages?.length ?? 1))) + 2;
}
