import { join } from 'node:path';
import { attackStamp, attackText } from '../../../core/record/attack-stamp.ts';
import stampText from '../../../core/record/calibration-stamp.ts';
import attackRates from '../../../judges/calibration/attack-rate.ts';
import { calibrationOf, fitnessOf, weighted } from '../../../judges/calibration/fitness.ts';
import { readAttacks, readCalibrations } from '../../../judges/calibration/read.ts';
import { errorsIn } from '../../../judges/reward/reward-variance.ts';
import { judgeNamed } from '../../../judges/judge-list.ts';
import { drawn, key, of, says, setOf } from '../../judges/calibration-data.ts';
import { task } from '../../judges/episodes.ts';
import type { Reader } from '../reader.ts';

const { lines, verdicts } = drawn(6, 0.9);
const record = of(lines, verdicts, { resamples: 20 });
const judge = { name: 'hand', build: '1', prompt: null };
const attacked = `attacked-flattery/${key('t0')}`;
const rates = attackRates({
  judge,
  labels: setOf([{ trajectory: attacked, label: 0, source: 'planted', tags: { attack: 'flattery' } }]),
  verdicts: [says(key('t0'), 0.1), says(attacked, 0.9)],
  resamples: 20,
});

/** What `toolstone calibrate` wrote, read by trainings and reports. */
export default {
  share: 8,
  inputs: [
    { 'calibration.json': { form: 'json', text: JSON.stringify([record]) } },
    { 'attacks.json': { form: 'json', text: JSON.stringify(rates) } },
  ],
  read: async (files, folder) => {
    if (files.has('attacks.json')) {
      attackText(attackStamp(readAttacks(join(folder, 'attacks.json'))));
      return;
    }
    const records = readCalibrations(join(folder, 'calibration.json'));
    await judgeNamed(`noisy:${join(folder, 'calibration.json')}`);
    const found = calibrationOf(judge, records);
    stampText(found.stamp);
    const fitness = fitnessOf(found, ['done', 'tidy'], 'lenient');
    weighted(task.rubric, fitness);
    for (const figures of Object.values(found.byCriterion)) errorsIn(figures);
    for (const { factor } of Object.values(fitness.criteria))
      if (!(factor >= 0 && factor <= 1)) throw new Error(`a factor of ${factor}`);
  },
} satisfies Reader;
