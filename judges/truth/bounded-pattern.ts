import { createContext, Script } from 'node:vm';
import { messageOf, TaskFailure } from '../../core/errors.ts';

/** The longest search of one text. Patterns come from task files, and one may double its time with each letter. */
const mostMilliseconds = 5_000;

/** The engine lets scripts be ended only, not searches: so the search is one. */
const search = new Script('pattern.test(text)');
const context = createContext({ pattern: undefined, text: '' }) as { pattern: RegExp | undefined; text: string };

/**
 * Whether a text has a match of a JavaScript regular expression.
 * @throws TaskFailure for a pattern that is no regular expression, and for one that takes too long.
 */
export function hasMatch(source: string, text: string, milliseconds = mostMilliseconds): boolean {
  context.pattern = compiled(source);
  context.text = text;
  try {
    return search.runInContext(context, { timeout: milliseconds }) as boolean;
  } catch (error) {
    throw new TaskFailure(`/${source}/ ${isTimeout(error) ? slow(milliseconds) : messageOf(error)}`, { cause: error });
  } finally {
    context.text = '';
  }
}

const isTimeout = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

const slow = (milliseconds: number): string =>
  `did not end within ${milliseconds / 1_000} s. Write it without a repetition inside a repetition, as (a+)+ has it`;

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
