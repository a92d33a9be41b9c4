import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { planned } from '../../commands/shared/experiments.ts';
import type { Manifest } from '../../core/run-types.ts';
import { commandOf, commandsTable, section } from './experiment-commands.ts';

const folder = new URL('../../reports/reference/experiments', import.meta.url).pathname;
const readme = join(folder, 'README.md');

test('the README of the experiments names the command of each record, and its hours', async () => {
  const text = readFileSync(readme, 'utf8');
  expect(text).toMatch(section);
  const table = await commandsTable(folder);
  // `npm test -- test/reports/experiment-commands.test.ts -u` writes it anew.
  await expect(text.replace(section, () => table)).toMatchFileSnapshot(readme);
}, 60_000);

async function benchTrainsOn(reward: 'sparse' | 'rubric'): Promise<Set<string>> {
  const { jobs } = await planned('bench', { suite: 'basic', reward });
  return new Set(jobs.flatMap(({ training }) => (training ? [`${training.algorithm} ${training.reward}`] : [])));
}

test('the benchmark of one reward trains on no other', async () => {
  expect(await benchTrainsOn('sparse')).toEqual(new Set(['grpo sparse']));
  expect(await benchTrainsOn('rubric')).toEqual(new Set(['grpo rubric', 'reinforce rubric']));
});

test('the experiment of executions plays every view with each of them, on what the suite has', async () => {
  const { jobs } = await planned('execution', { suite: 'bulk', seeds: 2 });
  expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
  expect(Object.keys(Object.groupBy(jobs, ({ policy, view }) => `${policy} ${view}`))).toHaveLength(13);
  expect(jobs.filter(({ training }) => training !== null)).toHaveLength(2 * 3 * 3);
  expect(new Set(jobs.map(({ execution }) => execution))).toEqual(new Set([undefined, 'programs', 'both']));
  expect(jobs[0]?.evaluations.map(({ split, tasks }) => [split, tasks])).toEqual([
    ['test', 60],
    ['items-50', 14],
  ]);
  const { jobs: others } = await planned('execution', { suite: 'long-horizon' });
  expect(others[0]?.evaluations.map(({ split, tasks }) => [split, tasks])).toEqual([['test', 60]]);
});

test('a record that no command makes again is noticed', async () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'transfer/manifest.json'), 'utf8')) as Manifest;
  await expect(commandOf({ ...manifest, jobs: manifest.jobs.slice(1) })).rejects.toThrow(
    /runs 19 jobs, and the record has 18/,
  );
});
