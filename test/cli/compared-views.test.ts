import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { viewNames } from '../../envs/view-list.ts';
import type { RunEnd } from '../../reports/end/types.ts';
import type { Table } from '../../reports/tables/table.ts';
import { digests, start, temporaryFolder, toolstone, waitForLines } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const writes = (path: string, content: string) => ({
  server: 'filesystem',
  tool: 'write_file',
  arguments: { path: `/world/filesystem/${path}`, content },
});
const tasks = ['apple', 'banana', 'cherry', 'date'].map((fruit) => ({
  id: fruit,
  prompt: `Write "${fruit}" into the file ${fruit}.txt.`,
  servers: ['filesystem', 'time'],
  checks: [{ file: { server: 'filesystem', path: `${fruit}.txt` }, equals: fruit }],
  plan: [writes(`${fruit}.txt`, fruit)],
}));

function ownTasks(): { readonly folder: string; readonly words: (...more: readonly string[]) => readonly string[] } {
  const folder = temporaryFolder();
  const path = join(folder, 'tasks.json');
  writeFileSync(path, JSON.stringify({ tasks }));
  return { folder, words: (...more) => ['run', '--policy', 'oracle', '--tasks', path, ...more] };
}

const tableIn = (run: string, name: string): Table =>
  JSON.parse(readFileSync(join(run, `tables/${name}.json`), 'utf8')) as Table;

test('a run in all views ends with what each solves and costs, paired over tasks, in terminal, tables and page', async () => {
  const { folder, words } = ownTasks();
  const out = join(folder, 'run');
  const { code, stdout, stderr } = await toolstone(...words('--view', 'all', '--out', out));
  expect(code, stderr).toBe(0);
  for (const view of viewNames()) expect(stdout).toMatch(new RegExp(`^oracle, ${view} +test +1\\.00 .* 4 `, 'm'));
  expect(stdout).toContain('In which view of the tools does oracle solve most of the test tasks?');
  expect(stdout).toContain('They solved the same tasks; only other tasks can tell them apart.');
  expect(stdout.replaceAll('\n', ' ')).toMatch(
    /The fewest tokens in all prompts of an episode are those of the view \w+, \d+; next comes \w+, \d+ more \[\d/,
  );

  const { rows, columns } = tableIn(out, 'view-comparison');
  expect(rows.map(({ view }) => view)).toEqual(viewNames());
  expect(columns.map(({ key }) => key)).toEqual(
    expect.arrayContaining(['verifier_success', 'peak_tokens', 'total_tokens', 'turns']),
  );
  expect(rows[0]?.['success_difference'], 'the first view is what others are held against').toBeNull();
  for (const row of rows.slice(1)) expect(row['success_difference']).toMatchObject({ value: 0, tasks: 4 });

  const pairs = (viewNames().length * (viewNames().length - 1)) / 2;
  const differences = tableIn(out, 'view-differences').rows;
  expect(differences).toHaveLength(pairs);
  const tokens = differences.map(({ total_tokens: difference }) => (difference as { value: number }).value);
  expect(Math.min(...tokens), 'not cut at one token').toBeLessThan(-1);

  const page = readFileSync(join(out, 'report.html'), 'utf8');
  expect(page).toContain('id="table-view-comparison"');
  expect(page).toContain('The fewest tokens in all prompts of an episode');
}, 120_000);

test.runIf(isWhole)(
  'several views are chosen by name, money stands beside them, and one view alone is no comparison',
  async () => {
    const { folder, words } = ownTasks();
    const prices = join(folder, 'prices.json');
    writeFileSync(
      prices,
      JSON.stringify({ date: '2026-01-31', currency: 'EUR', models: { oracle: { input: 1000, output: 0 } } }),
    );
    const out = join(folder, 'two');
    const two = await toolstone(
      ...words('--view', 'tool', 'eager', 'tool', '--json', '--prices', prices, '--out', out),
    );
    expect(two.code, two.stderr).toBe(0);
    const { rows } = JSON.parse(two.stdout) as RunEnd;
    expect(rows.map(({ policy, view }) => [policy, view])).toEqual([
      ['oracle, tool', 'tool'],
      ['oracle, eager', 'eager'],
    ]);
    const table = tableIn(out, 'view-comparison');
    expect(table.columns).toContainEqual({ key: 'money', title: 'Money, EUR', kind: 'count' });
    for (const [index, row] of table.rows.entries()) {
      const money = rows[index]?.money;
      expect(row['money']).toBeCloseTo(money?.kind === 'known' ? money.amount : Number.NaN, 5);
    }

    const one = join(folder, 'one');
    const alone = await toolstone(...words('--json', '--out', one));
    expect(alone.code, alone.stderr).toBe(0);
    expect(Object.keys((JSON.parse(alone.stdout) as RunEnd).rows[0] ?? {})).not.toContain('view');
    expect(Object.keys(digests(one)).filter((name) => /view-(comparison|differences)/.test(name))).toEqual([]);
    expect(tableIn(one, 'algorithms').rows.map(({ algorithm }) => algorithm)).toEqual(['oracle']);

    const wrong = await toolstone(...words('--view', 'none'));
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(`'none' is invalid. Allowed choices are ${[...viewNames(), 'all'].join(', ')}.`);
  },
  120_000,
);

test.runIf(isWhole)(
  'an interrupted run of several views goes on, and ends with the bytes of an undisturbed one',
  async () => {
    const { folder, words } = ownTasks();
    const [whole, disturbed] = [join(folder, 'whole'), join(folder, 'disturbed')];
    const views = ['--view', 'all', '--repeat', '8'] as const;
    const undisturbed = await toolstone(...words(...views, '--out', whole));
    expect(undisturbed.code, undisturbed.stderr).toBe(0);
    const interrupted = start(...words(...views, '--out', disturbed, '--concurrency', '1'));
    await waitForLines(join(disturbed, 'trajectories.jsonl'), 20, interrupted.finished);
    interrupted.child.kill('SIGINT');
    expect((await interrupted.finished).code).toBe(130);
    const resumed = await toolstone(...words(...views, '--out', disturbed));
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(digests(disturbed)).toEqual(digests(whole));
  },
  180_000,
);
