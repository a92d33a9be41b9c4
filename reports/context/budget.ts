import type { ContextCost } from './cost.ts';
import type { ToolName } from './names.ts';

/** Whether a context's cost is within a budget, and which tools would have to go if it is not. */
export interface Budget {
  readonly tokens: number;
  /** Above it; 0 where it is kept. */
  readonly over: number;
  /** The dearest tools, no more of them than would bring the cost within the budget. */
  readonly offenders: readonly (ToolName & { readonly tokens: number })[];
}

export function checkBudget(cost: ContextCost, tokens: number): Budget {
  const over = Math.max(0, cost.total - tokens);
  const offenders: Budget['offenders'][number][] = [];
  let left = over;
  for (const tool of dearestTools(cost)) {
    if (left <= 0) break;
    offenders.push(tool);
    left -= tool.tokens;
  }
  return { tokens, over, offenders };
}

export const dearestTools = ({ servers }: ContextCost): (ToolName & { readonly tokens: number })[] =>
  servers
    .flatMap(({ name: server, tools }) => tools.map(({ name, tokens }) => ({ server, tool: name, tokens })))
    .sort((a, b) => b.tokens - a.tokens);
