import { join } from 'node:path';
import calibrate from '../../../judges/calibration/calibrate.ts';
import { readVerdicts } from '../../../judges/calibration/verdicts.ts';
import { setOf } from '../../judges/calibration-data.ts';
import type { Reader } from '../reader.ts';

const verdicts = [
  { trajectory: 'a', task: 't', criterion: 'done', verdict: 1, judge: 'theirs', position: 0, length: 12 },
  { trajectory: 'b', criterion: 'done', score: 0.25 },
  { trajectory: 'c', criterion: 'done', unusable: 'refused', note: 'too long' },
];
const labels = setOf([
  { trajectory: 'a', label: 1 },
  { trajectory: 'b', label: 0 },
]);

/** Verdicts that were given elsewhere, compared with labels. */
export default {
  share: 4,
  inputs: [{ 'verdicts.jsonl': { form: 'lines', text: verdicts.map((one) => `${JSON.stringify(one)}\n`).join('') } }],
  read: (_, folder) => {
    const { judge, verdicts: read } = readVerdicts(join(folder, 'verdicts.jsonl'));
    calibrate({ judge, verdicts: read, labels, criteria: ['done'], resamples: 5 });
  },
} satisfies Reader;
