import type { Strictness, TextTest } from '../../core/goal-types.ts';
import { passesAsWritten } from './as-written/passes.ts';
import { passesExactly } from './exact-text.ts';

/**
 * Whether a text passes. Pure. `usual` is how strictly a test is taken that does not say so itself.
 * @throws TaskFailure for a pattern that is no regular expression, or that takes too long.
 */
export function passes(test: TextTest, text: string, usual: Strictness = 'normal'): boolean {
  const strictness = test.strictness ?? usual;
  return strictness === 'exact' ? passesExactly(test, text) : passesAsWritten(test, text, strictness);
}

/** What a test wants, in words. */
export function describeTest(test: TextTest): string {
  if ('equals' in test) return JSON.stringify(test.equals);
  if ('contains' in test) return `contains ${JSON.stringify(test.contains)}`;
  if ('matches' in test) return `matches /${test.matches}/`;
  if ('number' in test) return `${test.number}${test.tolerance === 0 ? '' : ` ± ${test.tolerance}`}`;
  return `${test.items.map((one) => JSON.stringify(one)).join(', ')} in any order`;
}
