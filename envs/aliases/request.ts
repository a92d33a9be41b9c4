import { resolve } from 'node:path';
import type { Aliasing } from '../../core/alias-types.ts';
import { UsageError } from '../../core/errors.ts';
import { readNamedSettings, wholeFrom, type KnownSettings } from '../../core/settings.ts';
import { readParaphrases } from './paraphrases.ts';
import { vocabularyHash } from './vocabulary.ts';

const known: KnownSettings<{ paraphrases: string; per: 'task' | 'number'; seed: number }> = {
  defaults: { paraphrases: '', per: 'task', seed: 1 },
  choices: { paraphrases: 'any', per: ['task', 'number'] },
  ranges: { seed: wholeFrom(1, 2 ** 31 - 1) },
};

/** Reads `SHARE` or `SHARE?paraphrases=FILE&per=number&seed=N`, and the file. Throws `UsageError`. */
export function readAliasing(asked: string): Aliasing {
  const { name, settings } = readNamedSettings(asked, known);
  const share = name.trim() === '' ? NaN : Number(name);
  if (!(share > 0 && share <= 1))
    throw new UsageError(
      `--alias ${asked}: "${name}" is no share of names. Give a number above 0 and at most 1, for example 1 for all of them or 0.5 for half.`,
    );
  const { paraphrases, per, seed } = settings;
  const given = paraphrases === '' ? {} : { paraphrases: readParaphrases(resolve(paraphrases)) };
  const shared = per === 'number' ? { per } : {};
  return { asked, share, seed, vocabulary: vocabularyHash, ...shared, ...given };
}
