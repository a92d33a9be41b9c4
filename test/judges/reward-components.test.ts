import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formulaNames, type Rubric, type Verdict } from '../../core/reward-types.ts';
import { rewardComponents } from '../../judges/rubric/components.ts';
import { rubricReward } from '../../judges/rubric/rubric.ts';
import { task } from './episodes.ts';

const scored = (rubric: Rubric, scores: readonly number[]): Verdict[] =>
  rubric.criteria.map(({ id }, index) => ({ criterion: id, state: 'scored', score: scores[index] ?? 0 }));
const faulty: Rubric = {
  form: 'free',
  criteria: [
    { id: 'done', category: 'task-fulfilment', description: 'It is done.', weight: 6 },
    { id: 'harm', category: 'task-fulfilment', description: 'Something else is broken.', weight: -3 },
    { id: 'values', category: 'parameter-accuracy', description: 'Values are right.', weight: 2 },
  ],
};

test.each(formulaNames.filter((one) => one !== 'gated'))('%s: a reward is the sum of its components', (formula) => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  for (const rubric of [task.rubric, faulty]) {
    const { length } = rubric.criteria;
    fc.assert(
      fc.property(fc.array(share, { minLength: length, maxLength: length }), (scores) => {
        const verdicts = scored(rubric, scores);
        const components = rewardComponents(rubric, verdicts, formula);
        const sum = components.reduce((total, { weight, score }) => total + weight * (score ?? NaN), 0);
        expect(rubricReward(rubric, verdicts, formula)).toBeCloseTo(Math.max(0, sum), 12);
      }),
    );
  }
});

test('what is unscored keeps its place and its weight; a product has no components', () => {
  const [first, ...rest] = scored(faulty, [1, 0, 1]);
  const unscored: Verdict = { criterion: first?.criterion ?? '', state: 'unscored', reason: 'for the test' };
  expect(rewardComponents(faulty, [unscored, ...rest])).toMatchObject([
    { criterion: 'done', score: null },
    { criterion: 'harm', score: 0 },
    { criterion: 'values', weight: 0.25, score: 1 },
  ]);
  expect(() => rewardComponents(faulty, rest, 'gated')).toThrow(
    /no components: choose another --formula, or normalise the sum\./,
  );
});
