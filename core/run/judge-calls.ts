import type { JudgeCalls } from '../run-types.ts';

/** What a judge has cost between two moments, by its counts at both. */
export const callsSince = (before: JudgeCalls, now: JudgeCalls): JudgeCalls => ({
  calls: now.calls - before.calls,
  cachedCalls: now.cachedCalls - before.cachedCalls,
  promptTokens: now.promptTokens - before.promptTokens,
  outputTokens: now.outputTokens - before.outputTokens,
});
