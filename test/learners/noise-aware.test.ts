import { expect, test } from 'vitest';
import { grpo } from '../../baselines/learners/grpo.ts';
import type { LearningGroup } from '../../core/run-types.ts';
import { makeBandit } from './bandit.ts';

/** Weights after one update on a group whose rewards nearly tie, by a judge that errs by this much. */
function weightsAfter(scale: 'group' | 'noise-aware', judgeVariance: number | undefined): readonly number[] {
  const bandit = makeBandit(4);
  const group: LearningGroup = {
    task: 'task',
    episodes: Array.from({ length: 8 }, (_, member) => {
      const session = bandit.pull(member);
      const reward = session.arm === 2 ? 0.55 : 0.5;
      return judgeVariance === undefined ? { session, reward } : { session, reward, judgeVariance };
    }),
  };
  // Plain ascent would show the factor itself; what Adam shows is that the option reaches the loss.
  const metrics = grpo(bandit, { scale }).update([group], 0);
  return [metrics['grad_norm'] ?? Number.NaN, ...bandit.parameters.values];
}

test('GRPO divides near ties by the judge’s noise where it is asked to, and only there', () => {
  const plain = weightsAfter('group', undefined);
  expect(weightsAfter('group', 0.04)).toEqual(plain);
  const [quiet = 0] = weightsAfter('noise-aware', undefined);
  const [noisy = 0] = weightsAfter('noise-aware', 0.04);
  expect(quiet).toBeCloseTo(plain[0] ?? Number.NaN, 5);
  expect(noisy).toBeLessThan(quiet / 4);
});
