import { relative } from 'node:path';
import { toTerminal } from '../../core/terminal.ts';

export const print = (text: string): void => toTerminal(process.stdout, `${text}\n`);

/** Says a sentence on standard error, where it is in nobody's way. */
export const tell = (sentence: string): void => toTerminal(process.stderr, `${sentence}\n`);

/** A path as the user reads it. */
export const shownPath = (path: string): string => relative(process.cwd(), path);
