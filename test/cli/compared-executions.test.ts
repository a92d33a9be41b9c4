import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { executions } from '../../core/execution.ts';
import type { RunEnd } from '../../reports/end/types.ts';
import type { Table } from '../../reports/tables/table.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const fruits = ['apple', 'banana'];
const writes = (fruit: string) => ({
  server: 'filesystem',
  tool: 'write_file',
  arguments: { path: `/world/filesystem/${fruit}.txt`, content: fruit },
});
const tasks = [
  {
    id: 'fruits',
    prompt: 'Write "apple" into apple.txt and "banana" into banana.txt.',
    servers: ['filesystem'],
    checks: fruits.map((fruit) => ({ file: { server: 'filesystem', path: `${fruit}.txt` }, equals: fruit })),
    plan: fruits.map(writes),
  },
  {
    id: 'fruit',
    prompt: 'Write "apple" into apple.txt.',
    servers: ['filesystem'],
    checks: [{ file: { server: 'filesystem', path: 'apple.txt' }, equals: 'apple' }],
    plan: [writes('apple')],
  },
];

async function compared(...words: readonly string[]) {
  const folder = temporaryFolder();
  const [file, out] = [join(folder, 'tasks.json'), join(folder, 'run')];
  writeFileSync(file, JSON.stringify({ tasks }));
  const done = await toolstone('run', '--policy', 'oracle', '--tasks', file, '--out', out, ...words);
  expect(done.code, done.stderr).toBe(0);
  const tableIn = (name: string) => JSON.parse(readFileSync(join(out, `tables/${name}.json`), 'utf8')) as Table;
  return { ...done, tableIn };
}

test('a run with all executions ends with what each solves and costs, paired over tasks', async () => {
  const { stdout, tableIn } = await compared('--execution', 'all');
  for (const name of ['oracle', 'oracle, programs', 'oracle, both'])
    expect(stdout).toMatch(new RegExp(`^${name} +test +1\\.00 .* 2 `, 'm'));
  const lines = stdout.replaceAll('\n', ' ');
  expect(lines).toContain('With which execution does oracle solve most of the test tasks?');
  expect(lines).toMatch(
    /The fewest tokens in all prompts of an episode are those of the execution (calls|programs|both), \d/,
  );
  const { rows, about } = tableIn('view-comparison');
  expect(about).toContain('The same tasks with every execution. Δ success: less that with the execution calls');
  expect(rows.map(({ policy, view, execution }) => [policy, view, execution])).toEqual(
    executions.map((execution) => ['oracle', 'tool', execution]),
  );
  expect(rows[0]?.['success_difference']).toBeNull();
  for (const row of rows.slice(1)) expect(row['success_difference']).toMatchObject({ value: 0, tasks: 2 });
  expect(tableIn('view-differences').rows).toHaveLength(3);
}, 120_000);

test.runIf(isWhole)(
  'views and executions are compared together, in the order in which they are listed, each once',
  async () => {
    const { stdout, tableIn } = await compared(
      '--view',
      'tool',
      'eager',
      '--execution',
      'programs',
      'calls',
      'programs',
      '--json',
    );
    const ways = [
      ['tool', 'calls'],
      ['tool', 'programs'],
      ['eager', 'calls'],
      ['eager', 'programs'],
    ];
    const { rows } = JSON.parse(stdout) as RunEnd;
    expect(rows.map(({ view, execution }) => [view, execution])).toEqual(ways);
    expect(rows.map(({ policy }) => policy)).toEqual([
      'oracle, tool',
      'oracle, tool, programs',
      'oracle, eager',
      'oracle, eager, programs',
    ]);
    const table = tableIn('view-comparison');
    expect(table.rows.map(({ view, execution }) => [view, execution])).toEqual(ways);
    expect(table.columns.at(-1)?.title).toBe('Δ success, less tool, calls');
    expect(table.about).toContain('adjusted for 3 comparisons');
  },
  120_000,
);

test('what is no execution is refused with those that there are', async () => {
  const { code, stderr } = await toolstone('run', '--policy', 'oracle', '--execution', 'none');
  expect(code).toBe(2);
  expect(stderr).toContain('calls, programs, both, all');
});
