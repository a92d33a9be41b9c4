import { Command } from '@commander-js/extra-typings';
import { afterEach, expect, test } from 'vitest';
import { addCountingFlags } from '../../commands/shared/counting-flags.ts';
import { manifestOf } from '../../commands/shared/manifest.ts';
import { UsageError } from '../../core/errors.ts';
import { chooseCounting, chosenCounter } from '../../core/run/chosen.ts';
import { defaultLimits } from '../../core/run/limits.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { forgettingTemplate, tokenizerFolder } from '../models/small-tokenizer.ts';

afterEach(() => chooseCounting({}));

const version = { version: '1', commit: '1', dirty: false };

/** The manifest of a run whose command was given these words. */
async function manifestAfter(...words: readonly string[]) {
  const command = new Command('play').exitOverride().configureOutput({ writeErr: () => undefined });
  addCountingFlags(command);
  await command.action(() => undefined).parseAsync(words, { from: 'user' });
  return manifestOf('run', 'mine', await suiteNamed('micro'), [], version, 'modules:a');
}

test('without flags a manifest is as it was', async () => {
  const manifest = await manifestAfter();
  expect(manifest.limits).toEqual(defaultLimits);
  expect(Object.keys(manifest)).not.toContain('givenLimits');
  expect(Object.keys(manifest)).not.toContain('tokens');
});

test('limits and tokenizer stand in the manifest', async () => {
  const folder = tokenizerFolder({ template: forgettingTemplate });
  const manifest = await manifestAfter('--context-tokens', '9000', '--tokenizer', folder);
  expect(manifest.limits).toEqual({ ...defaultLimits, contextTokens: 9_000 });
  expect(manifest.givenLimits).toEqual({ contextTokens: 9_000 });
  expect(manifest.tokens).toEqual({
    tokenizer: folder,
    template: 'own',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(chosenCounter(), 'opened once').toBe(chosenCounter());
});

test.each([
  ['--context-tokens', '0', /Give a whole number of at least 1/],
  ['--result-tokens', '1.5', /Give a whole number of at least 1/],
  ['--tokenizer', '/nowhere/at-all', /is nothing that tokens can be counted by/],
])('%s %s is refused', async (flag, value, sentence) => {
  await expect(manifestAfter(flag, value)).rejects.toThrow(sentence);
  if (flag === '--tokenizer') await expect(manifestAfter(flag, value)).rejects.toThrow(UsageError);
});
