import { resolve } from 'node:path';
import { moduleEnding } from '../../core/list.ts';

/** The entry file, which worker threads begin with, too. */
export const entry = new URL(`../../toolstone${moduleEnding}`, import.meta.url);

/** What modules of a user's own import as `toolstone`; no part of a run that has none. */
export const library = new URL(`./library${moduleEnding}`, import.meta.url);

/** Folder of all runs, below the folder that the user stands in. */
export const runsFolder = resolve('reports/runs');

/** Replies of judges' models, kept by content. */
export const verdictsFolder = resolve(runsFolder, '.verdicts');

/** What simple policies reach on each suite, and how fast. */
export const suiteFiguresFile = new URL('../../reports/reference/suites.json', import.meta.url);
