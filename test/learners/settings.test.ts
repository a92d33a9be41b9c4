import { expect, test } from 'vitest';
import { algorithmNames, makeLearner } from '../../baselines/learner-list.ts';
import type { Policy } from '../../core/types.ts';
import { makeBandit } from './bandit.ts';

const teacher: Policy = {
  name: 'teacher',
  start: () => ({ act: () => ({ calls: [{ action: { name: 'finish', arguments: {} } }] }) }),
};

test.each(algorithmNames())('%s takes settings by name, and each of its defaults is one', async (name) => {
  const learner = await makeLearner(`${name}?learningRate=0.01&beta=0.1`, makeBandit(4), teacher);
  expect(learner.name).toBe(name);
  await expect(makeLearner(`${name}?nope=1`, makeBandit(4), teacher)).rejects.toThrow(
    `"nope=1" is no setting of "${name}". There are, with`,
  );
});

test('an algorithm that there is not is refused with those that there are', async () => {
  await expect(makeLearner('nope', makeBandit(4), teacher)).rejects.toThrow('There is no algorithm "nope". Known: a2c');
});
