import { Option } from '@commander-js/extra-typings';
import { wholeNumber } from './flag-values.ts';

/* Flags of `judge` for people who are to label. */

export const toLabelOption = () =>
  new Option(
    '--to-label <file>',
    'write slots for people to label, and the episodes to read beside them, instead of asking a judge (docs/judges.md)',
  ).conflicts(['judge', 'calibration', 'attacks', 'fitness', 'out']);

export const raterOption = () =>
  new Option('--rater <name>', 'who labels, the same name on every line of theirs').default('rater');

export const episodesToLabelOption = () =>
  new Option('--episodes <n>', 'most episodes to label, drawn by lot').argParser(wholeNumber).default(40);
