import type { Cause } from '../../core/reward-types.ts';
import type { JudgeCalls } from '../../core/run-types.ts';
import type { Usage } from '../../core/usage.ts';
import type { Outcome } from './answer.ts';

/** What a judge has cost so far, and what came of its calls. Apart from verdicts: equal runs differ here. */
export interface JudgeCosts extends JudgeCalls {
  /** Single answers, one per criterion, record and vote, by what came of them; cached ones included. */
  readonly answers: Readonly<Record<'scored' | Cause, number>>;
  /** Of each call to the model, in the order of their ends; empty without a clock. */
  readonly milliseconds: readonly number[];
}

export interface CostBook {
  readonly costs: () => JudgeCosts;
  readonly called: (usage: Usage, milliseconds: number | null) => void;
  readonly cached: () => void;
  readonly answered: (outcomes: readonly (readonly Outcome[])[]) => void;
}

export const noCosts: JudgeCosts = {
  calls: 0,
  cachedCalls: 0,
  promptTokens: 0,
  outputTokens: 0,
  answers: { scored: 0, refused: 0, unparseable: 0, failed: 0 },
  milliseconds: [],
};

/** Costs of two judges together. */
export const addCosts = (a: JudgeCosts, b: JudgeCosts): JudgeCosts => ({
  calls: a.calls + b.calls,
  cachedCalls: a.cachedCalls + b.cachedCalls,
  promptTokens: a.promptTokens + b.promptTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  answers: {
    scored: a.answers.scored + b.answers.scored,
    refused: a.answers.refused + b.answers.refused,
    unparseable: a.answers.unparseable + b.answers.unparseable,
    failed: a.answers.failed + b.answers.failed,
  },
  milliseconds: [...a.milliseconds, ...b.milliseconds],
});

/** Costs as a sentence, with a blank before it. */
export function costsText({ calls, cachedCalls, promptTokens, outputTokens, milliseconds }: JudgeCosts): string {
  const median = [...milliseconds].sort((a, b) => a - b)[Math.floor(milliseconds.length / 2)];
  const pace = median === undefined ? '' : `, median ${Math.round(median)} ms a call`;
  return ` ${calls} calls (${cachedCalls} more answered by the cache), ${promptTokens} + ${outputTokens} tokens${pace}.`;
}

export function openCostBook(): CostBook {
  let [calls, cachedCalls, promptTokens, outputTokens] = [0, 0, 0, 0];
  const answers = { ...noCosts.answers };
  const times: number[] = [];
  return {
    costs: () => ({
      calls,
      cachedCalls,
      promptTokens,
      outputTokens,
      answers: { ...answers },
      milliseconds: [...times],
    }),
    called: (usage, milliseconds) => {
      calls += 1;
      promptTokens += usage.promptTokens ?? 0;
      outputTokens += usage.outputTokens ?? 0;
      if (milliseconds !== null) times.push(milliseconds);
    },
    cached: () => {
      cachedCalls += 1;
    },
    answered: (outcomes) => {
      for (const outcome of outcomes.flat()) answers['score' in outcome ? 'scored' : outcome.cause] += 1;
    },
  };
}
