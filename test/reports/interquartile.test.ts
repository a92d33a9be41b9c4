import { expect, test } from 'vitest';
import type { Estimate } from '../../core/statistics/estimate.ts';
import algorithmsTable from '../../reports/tables/algorithms.ts';
import readRun from '../../core/record/read-run.ts';
import rewardsTable from '../../reports/tables/rewards.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 12 });

/** The figure on the test split of a row, by the text in its first column. */
function iqmOf(make: typeof rewardsTable, label: string, of = base): Estimate | null {
  using written = writeRun(of);
  const { rows, columns } = make([readRun(written.folder)]);
  const row = rows.find((one) => one[columns[0]?.key ?? ''] === label && one['split'] === 'test');
  if (!row) throw new Error(`no row ${label}`);
  return row['iqm'] as Estimate | null;
}

test('the interquartile mean is over scores of seeds and families, by hand', () => {
  const mine = base.trajectories.filter(({ key }) => key.job.startsWith('grpo-rubric') && key.phase === 'test');
  // Six families of two tasks each and two seeds: the middle six of twelve scores.
  const byScore = Object.groupBy(mine, ({ key }) => `${key.job} ${key.task.split('/')[1]}`);
  const scores = Object.values(byScore).map((two = []) => two.filter((one) => one.success?.verified).length / 2);
  const middle = scores.toSorted((a, b) => a - b).slice(3, 9);
  const iqm = iqmOf(rewardsTable, 'rubric');
  expect(scores).toHaveLength(12);
  expect(iqm?.value).toBeCloseTo(middle.reduce((sum, one) => sum + one, 0) / 6, 12);
  expect(iqm).toMatchObject({ tasks: 12, seeds: 2, episodes: 24, low: null, method: 'too few seeds' });
  expect(iqmOf(algorithmsTable, 'GRPO, rubric'), 'the same policies').toEqual(iqm);
});

test('one seed gives a figure without an interval, one seed on one family none', () => {
  expect(iqmOf(algorithmsTable, 'oracle')).toMatchObject({ value: 1, low: null, high: null, method: 'too few seeds' });
  const trajectories = base.trajectories.filter(({ key }) => key.task.includes('/board/'));
  const ofBoard = { ...base, trajectories };
  expect(iqmOf(algorithmsTable, 'oracle', ofBoard)).toBeNull();
  expect(iqmOf(rewardsTable, 'rubric', ofBoard), 'two seeds').toMatchObject({ tasks: 2, seeds: 2 });
});
