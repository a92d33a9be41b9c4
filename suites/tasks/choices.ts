import type { Suite } from '../../core/types.ts';
import { defaultSplit } from './samples.ts';

/** What a grid of jobs may measure on, where it does if nothing else is said, and what it may train on. */
export const choicesOf = (suite: Suite) => ({
  split: defaultSplit(suite),
  splits: suite.splits,
  ...(suite.splits.includes('train') ? { families: trainedFamilies(suite) } : {}),
});

/** They take turns, so that as many tasks as there are families of any kind show each of them. */
const trainedFamilies = (suite: Suite) => [
  ...new Set(suite.tasks('train', suite.families.length).map(({ family }) => family)),
];
