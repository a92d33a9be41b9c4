import { expect, test } from 'vitest';
import type { TextTest } from '../../core/goal-types.ts';
import type { Task } from '../../core/types.ts';
import { verify } from '../../judges/truth/verifier.ts';
import { episode, task } from './episodes.ts';

const facts = task.initial;
const asking = (answer: TextTest): Task => ({ ...task, goal: { kind: 'state', expected: facts, answer } });

const isRight = (answer: TextTest, given: string) =>
  verify(asking(answer), episode([], { evidence: facts, outcome: { kind: 'terminated', answer: given } }))?.verified;

/** What the house's numbers of record were measured with. */
test.each<[TextTest, string, boolean]>([
  [{ equals: 'Paris' }, '"Paris".', true],
  [{ equals: 'Paris' }, '"Paris"', true],
  [{ equals: 'Paris' }, 'Paris.', true],
  [{ equals: 'Paris' }, '**Paris**', false],
  [{ equals: 'Paris' }, 'The answer is Paris.', false],
  [{ contains: '5' }, '15', true],
  [{ contains: '5' }, '5 or 6', true],
  [{ number: 40, tolerance: 0 }, '40 %', true],
  [{ number: 40, tolerance: 0 }, '40 carrots', false],
  [{ number: 234, tolerance: 0 }, '0,234', true],
  [{ items: ['a', 'b'] }, 'b and a', true],
  [{ items: ['a', 'b'] }, '- **a**\n- b', false],
])('house suites judge answers letter by letter: %j, %j', (answer, given, right) => {
  expect(isRight(answer, given)).toBe(right);
});
