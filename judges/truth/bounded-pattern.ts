import { messageOf, TaskFailure } from '../../core/errors.ts';
import { inTime, TakesTooLong } from './bounded-work.ts';

/**
 * Whether a text has a match of a JavaScript regular expression.
 * @throws TaskFailure for a pattern that is no regular expression, and for one that takes too long.
 */
export function hasMatch(source: string, text: string, milliseconds?: number): boolean {
  const pattern = compiled(source);
  try {
    return inTime(() => pattern.test(text), milliseconds);
  } catch (error) {
    const cure = '. Write it without a repetition inside a repetition, as (a+)+ has it';
    throw new TaskFailure(`/${source}/ ${messageOf(error)}${error instanceof TakesTooLong ? cure : ''}`, {
      cause: error,
    });
  }
}

function compiled(source: string): RegExp {
  try {
    return patternOf(source);
  } catch (error) {
    throw new TaskFailure(`/${source}/ is no regular expression`, { cause: error });
  }
}

/** What means something else without the flag. */
const needsFlag = /\\(?:[pPu]\{|k<)/;

/**
 * A JavaScript regular expression with flag `u`; without it where the flag alone forbids it, as it does `\:` and `\-`, and
 * nothing would mean something else. Throws what the engine throws.
 */
export function patternOf(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    if (needsFlag.test(source)) throw error;
    return withoutFlag(source, error);
  }
}

function withoutFlag(source: string, first: unknown): RegExp {
  try {
    return new RegExp(source);
  } catch {
    throw first;
  }
}
