import { relative } from 'node:path';

export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Says a sentence on standard error, where it is in nobody's way. */
export const tell = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

/** A path as the user reads it. */
export const shownPath = (path: string): string => relative(process.cwd(), path);
