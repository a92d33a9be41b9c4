import { expect, test } from 'vitest';
import { evaluationPhase, tasksOfPhase } from '../../core/phase.ts';

test.each([
  [{ split: 'test' }, 'test tasks'],
  [{ split: 'held-out-server' }, 'held out server tasks'],
  [{ split: 'items-50' }, 'items 50 tasks'],
  [{ split: 'test', tools: 30 }, 'test tasks among about 30 tools'],
  [{ split: 'held-out-word', tools: 'all' }, 'held out word tasks among all tools'],
] as const)('an evaluation is put into words: %o', (evaluation, words) => {
  expect(tasksOfPhase(evaluationPhase(evaluation))).toBe(words);
});
