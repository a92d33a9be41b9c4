import { expect, test } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import { withPhrasings } from '../../reports/arms/arms.ts';
import { cellText, type Table } from '../../reports/tables/table.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 12 });

const byName = (made: readonly Table[]): Record<string, Table> =>
  Object.fromEntries(made.map((table) => [table.name, table]));

const row = (table: Table | undefined, wanted: Record<string, string>) => {
  const found = table?.rows.find((one) => Object.entries(wanted).every(([key, value]) => one[key] === value));
  if (!found) throw new Error(`no row ${JSON.stringify(wanted)}`);
  return found;
};

test('differences: pairs by task and seed and tells a planted gap', () => {
  using written = writeRun(syntheticRun({ seeds: 3, tasks: 36, skill: { sparse: 0.2, rubric: 0.95 } }));
  const { differences } = byName(tablesOf([readRun(written.folder)], []));
  const found = row(differences, { split: 'test', first: 'rubric', second: 'sparse' });
  expect(found).toMatchObject({ pairs: 108, unpaired: 0, paired_by: 'task and seed' });
  expect(found).toMatchObject({ seeds_above: '3 of 3', reading: 'better in these trainings' });
  expect(found['by_seed']).toMatch(/^0\.\d\d, 0\.\d\d, 0\.\d\d$/);
  expect(found['verifier_success']).toMatchObject({ method: 't over tasks, of these trainings' });
});

test('differences speak of further trainings from ten seeds on, and of phrasings where tasks share them', () => {
  const many = syntheticRun({ seeds: 10, tasks: 12, skill: { sparse: 0.2, rubric: 0.95 } });
  using written = writeRun(many);
  const told = withPhrasings(readRun(written.folder), () => 'one of each family');
  const { differences } = byName(tablesOf([told], []));
  const found = row(differences, { split: 'test', first: 'rubric', second: 'sparse' });
  expect(found).toMatchObject({ seeds_above: '10 of 10', reading: 'better' });
  expect(found['verifier_success']).toMatchObject({ tasks: 12, seeds: 10, method: 't over phrasings and seeds' });
});

test('algorithms and views that were trained are paired over seeds, too', () => {
  const { jobs } = base.manifest;
  const both = jobs.map((job) => ({
    ...job,
    rows:
      job.training === null ? job.rows : { algorithms: job.training.reward, views: `pointer, ${job.training.reward}` },
  }));
  using written = writeRun({ ...base, manifest: { ...base.manifest, jobs: both } });
  const made = byName(tablesOf([readRun(written.folder)], []));
  for (const name of ['algorithm-differences', 'view-differences'] as const) {
    const ofTest = made[name]?.rows.filter((one) => one['split'] === 'test');
    expect(ofTest?.length, name).toBeGreaterThan(0);
    expect(
      ofTest?.every((one) => /^\d of \d$/.test(cellText(one['seeds_above']))),
      name,
    ).toBe(true);
    expect(JSON.stringify(ofTest), 'anchors are no trainings').not.toContain('oracle');
  }
});
