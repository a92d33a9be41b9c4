import { createContext, Script } from 'node:vm';

/** The longest look at one text. What is looked for comes from task files, and may double its time with each letter. */
export const MOST_MILLISECONDS = 5_000;

/** Thrown by `inTime`. */
export class TakesTooLong extends Error {
  override readonly name = 'TakesTooLong';
}

/** The engine lets scripts be ended only, not searches: so the work is one. */
const script = new Script('work()');
const context = createContext({ work: undefined }) as { work: (() => unknown) | undefined };

/**
 * What `work` gives.
 * @throws TakesTooLong where it does not end in time, else what it throws.
 */
export function inTime<T>(work: () => T, milliseconds = MOST_MILLISECONDS): T {
  context.work = work;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TakesTooLong(`did not end within ${milliseconds / 1_000} s`, { cause: error });
  } finally {
    context.work = undefined;
  }
}
