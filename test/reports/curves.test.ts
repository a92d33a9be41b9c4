import { expect, test } from 'vitest';
import chartData from '../../reports/html/chart-data.ts';
import readRun from '../../core/record/read-run.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 6 });

/** Curves of a run whose second seed is put into another row. */
function curves(row: string) {
  const jobs = base.manifest.jobs.map((job) =>
    job.seed === 2 && job.training ? { ...job, rows: { algorithms: row } } : { ...job, rows: { algorithms: 'narrow' } },
  );
  using written = writeRun({ ...base, manifest: { ...base.manifest, jobs } });
  return chartData(readRun(written.folder), []).learning.map(({ label, points }) => [label, points[0]?.seeds.length]);
}

test('trainings of one row are one curve, over their seeds', () => {
  expect(curves('narrow')).toEqual(
    ['sparse', 'state-share', 'rubric'].map((reward) => [`narrow: grpo, ${reward}, tool`, 2]),
  );
});

test('trainings that differ in what only their rows tell are curves apart', () => {
  expect(curves('wide')).toEqual(
    ['narrow', 'wide'].flatMap((row) =>
      ['sparse', 'state-share', 'rubric'].map((reward) => [`${row}: grpo, ${reward}, tool`, 1]),
    ),
  );
});
