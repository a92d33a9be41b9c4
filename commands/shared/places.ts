import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { moduleEnding } from '../../core/list.ts';
import { toTerminal } from '../../core/terminal.ts';

/** The entry file, which worker threads begin with, too. */
export const entry = new URL(`../../toolstone${moduleEnding}`, import.meta.url);

/** Folder of all runs, below the folder that the user stands in. */
export const runsFolder = resolve('reports/runs');

/** Replies of judges' models, kept by content. */
export const verdictsFolder = resolve(runsFolder, '.verdicts');

/** A path as the user reads it. */
export const shown = (path: string): string => relative(process.cwd(), path);

export const print = (text: string): void => toTerminal(process.stdout, `${text}\n`);

/** Says a sentence on standard error, where it is in nobody's way. */
export const tell = (sentence: string): void => toTerminal(process.stderr, `${sentence}\n`);

/** Version in the package's own file, which lies beside the entry file or, compiled, above it. */
export function packageVersion(): string {
  const file = ['./package.json', '../package.json']
    .map((path) => new URL(path, entry))
    .find((path) => existsSync(path));
  if (file === undefined) return 'unknown';
  return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version ?? 'unknown';
}
