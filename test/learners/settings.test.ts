import { expect, test } from 'vitest';
import { algorithmNames, makeLearner } from '../../baselines/catalogue.ts';
import { readSettings } from '../../core/settings.ts';
import { makeBandit } from './bandit.ts';

const teacher = { name: 'teacher', start: () => ({ act: () => ({ action: { name: 'finish', arguments: {} } }) }) };

test('settings are read by the kind of their defaults', () => {
  const defaults = { rate: 0.1, scale: 'group', dynamic: false };
  const choices = { scale: ['group', 'none'] };
  expect(readSettings('rate=2&scale=none&dynamic=true', defaults, choices)).toEqual({
    rate: 2,
    scale: 'none',
    dynamic: true,
  });
  expect(readSettings('', defaults, choices)).toEqual({});
  for (const wrong of ['nope=1', 'rate=', 'rate=x', 'rate=-1', 'scale=no', 'dynamic=yes', 'toString=1'])
    expect(() => readSettings(wrong, defaults, choices)).toThrow(
      `"${wrong}" is no setting. There are, with their defaults: rate=0.1, scale=group|none, dynamic=false.`,
    );
});

test.each(algorithmNames)('%s takes settings by name, and each of its defaults is one', async (name) => {
  const learner = await makeLearner(`${name}?learningRate=0.01&beta=0.1`, makeBandit(4), teacher);
  expect(learner.name).toBe(name);
  await expect(makeLearner(`${name}?nope=1`, makeBandit(4), teacher)).rejects.toThrow('"nope=1" is no setting');
});

test('an algorithm that there is not is refused with those that there are', async () => {
  await expect(makeLearner('nope', makeBandit(4), teacher)).rejects.toThrow('There is no algorithm "nope". Known: a2c');
});
