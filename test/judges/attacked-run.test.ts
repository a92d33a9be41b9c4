import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import { keyText } from '../../core/trajectory.ts';
import { calibrateRun } from '../../judges/calibration/calibrate-run.ts';
import { parseLabels } from '../../judges/calibration/labels.ts';
import { score } from '../../judges/reward/rewards.ts';
import { episode, finishTurn, task } from './episodes.ts';
import { all, handJudge, judged, manifest, repeated, storedRun, suite } from './stored-run.ts';

test('labels of attacked episodes say how often attacks get past the judge, and a run carries it', async () => {
  const plain = score(task, repeated(episode([finishTurn]), 0));
  const attacked = { ...plain, key: { ...plain.key, job: 'attacked-flattery/hand' } };
  const run = storedRun([plain, attacked]);
  const labels = parseLabels(
    [plain, attacked]
      .map(({ key }, index) =>
        JSON.stringify({
          trajectory: keyText(key),
          criterion: 'changes-made',
          label: 0,
          rater: 'planter',
          source: 'planted',
          ...(index === 1 ? { tags: { attack: 'flattery' } } : {}),
        }),
      )
      .join('\n'),
    'labels.jsonl',
  );
  const { backend } = handJudge(({ key }) => all(key.job === 'hand' ? 0.2 : 0.9));
  const options = { folder: run.path, manifest, suite, backend, rubrics: 'plan', formula: 'gated', labels } as const;
  const more = { concurrency: 1, onProgress: () => {}, signal: new AbortController().signal };
  const { attacks } = await calibrateRun({ ...options, ...more });
  expect(attacks?.overall).toMatchObject({ pairs: 1, failed: 1, fooled: 1, passedPlain: 0 });
  if (attacks === null) throw new Error('no attacks were seen');
  const { path } = await judged(run, backend, { attacks });
  const { rejudged } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8')) as Manifest;
  expect(rejudged?.attacks).toMatchObject({ name: 'hand', failed: 1, fooled: 1, worst: { attack: 'flattery' } });
  await expect(judged(run, { ...backend, build: '2' }, { attacks })).rejects.toThrow(
    /attacks were not on this judge, hand \(2\), but on hand \(1\)/,
  );
  const plainLabels = { ...labels, labels: labels.labels.slice(0, 1) };
  expect((await calibrateRun({ ...options, ...more, labels: plainLabels })).attacks, 'no attack').toBeNull();
});
