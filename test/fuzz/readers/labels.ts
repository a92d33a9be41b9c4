import { join } from 'node:path';
import attackRates from '../../../judges/calibration/attack-rate.ts';
import calibrate from '../../../judges/calibration/calibrate.ts';
import { readLabels } from '../../../judges/calibration/labels.ts';
import { drawn, key, says, withholds } from '../../judges/calibration-data.ts';
import type { Reader } from '../reader.ts';

const { lines, verdicts } = drawn(2, 0.8);
const attacked = `attacked-flattery/${key('t0', 0)}`;
const labels = [
  ...lines.map((line) => ({ criterion: 'done', rater: 'anna', source: 'human', ...line })),
  { trajectory: attacked, criterion: 'done', label: 0, rater: 'plan', source: 'planted', tags: { attack: 'flattery' } },
  { task: 't9', criterion: 'tidy', score: 0.5, rater: 'ben', source: 'human', group: 'g' },
];
const judge = { name: 'hand', build: '1', prompt: null };
const all = [...verdicts, says(attacked, 0.9), withholds(key('t1', 99), 'refused')];

/** Label files, compared with verdicts. */
export default {
  share: 8,
  inputs: [{ 'labels.jsonl': { form: 'lines', text: labels.map((line) => `${JSON.stringify(line)}\n`).join('') } }],
  read: (_, folder) => {
    const set = readLabels(join(folder, 'labels.jsonl'));
    const input = { judge, labels: set, verdicts: all, resamples: 5 };
    attackRates(input);
    calibrate({ ...input, criteria: ['done', 'tidy'] });
  },
} satisfies Reader;
