import { expect, test } from 'vitest';
import { closingTable, failingLines } from '../../reports/end/text.ts';
import type { EndRow, Failing } from '../../reports/end/types.ts';
import type { Table } from '../../reports/tables/table.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import { tableText } from '../../reports/tables/table-text.ts';
import readRun from '../../core/record/read-run.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const widthOf = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

const written = writeRun(syntheticRun({ seeds: 1, tasks: 3 }));
const tables = tablesOf([readRun(written.folder)], []).filter(({ rows }) => rows.length > 0);
written[Symbol.dispose]();

test.each([40, 80, 100, 200])(
  'every table fits a terminal of %d columns, names its rows, and says where the rest is',
  (width) => {
    for (const table of tables) {
      const text = tableText(table, { width, file: `${table.name}.md` });
      expect(widthOf(text.split('\n').slice(1).join('\n')), `${table.name}\n${text}`).toBeLessThanOrEqual(width);
      const [, head = '', first = ''] = text.split('\n');
      expect(head.trim(), table.name).not.toBe('');
      expect(first.trim(), table.name).not.toBe('');
      const left = Number(/… (\d+) more columns? in /.exec(text)?.[1] ?? 0);
      expect(head.trim().split(/ {2,}/).length + left, table.name).toBe(table.columns.length);
    }
  },
);

const textColumn = (key: string) => ({ key, title: key, kind: 'text' as const });

test('the split, which tells rows apart, is never cut in a table of differences', () => {
  const keys = ['first', 'second', 'verifier_success', 'split', 'paired_by', 'reading'];
  const row = Object.fromEntries(keys.map((key) => [key, `${key} ${'of many words '.repeat(3)}`]));
  const table: Table = {
    name: 'differences',
    title: 'Rewards against each other',
    about: '',
    columns: keys.map(textColumn),
    rows: [{ ...row, split: 'held-out-server' }],
  };
  expect(tableText(table, { width: 100 })).toContain('held-out-server');
});

test('failing tasks are counted as the table counts them, void ones beside, and fit the terminal', () => {
  const failing = ['failed', 'void', 'void', 'unplayed'].map((kind, index): Failing => {
    const reason = kind === 'void' ? 'void, policy: x is not a function' : `${'found '.repeat(30)}.`;
    return {
      policy: 'mine',
      split: 'test',
      task: `own/own/test/t${index}`,
      repetition: 0,
      kind: kind as 'void',
      reason,
    };
  });
  const row = { policy: 'mine', split: 'test', tasks: 5, repeats: 1 } as EndRow;
  const end = { run: '', suite: '', folder: '', page: '', rows: [row], failing, stopped: [] };
  expect(failingLines(end)).toEqual([
    'mine, test: 1 of 2 tasks not solved; 2 void',
    expect.stringMatching(/^ {2}✗ t0: found .*found \.$/),
    '  ✗ t1: void, policy: x is not a function',
    '  ✗ t2: void, policy: x is not a function',
    '  – 1 not played',
  ]);
  const narrow = failingLines(end, 60);
  expect(narrow[1]).toMatch(/^.{59}…$/);
  expect(narrow.at(-1)).toMatch(/--json and --junit give the whole reasons/);
  const lost = { ...end, rows: [{ ...row, tasks: 2 }], failing: failing.slice(1, 3) };
  expect(failingLines(lost)[0]).toBe('mine, test: 2 void');
});

test('the closing table keeps policy, split, success and n on a narrow terminal', () => {
  const row: EndRow = {
    policy: 'a-policy-with-a-name-of-many-words',
    split: 'held-out-server',
    tasks: 40,
    repeats: 1,
    episodes: 40,
    void: 0,
    forJudge: 0,
    unfinished: 0,
    unplayed: 0,
    success: { value: 0.5, low: 0.35, high: 0.65, tasks: 40, seeds: 1, episodes: 40, method: 'bootstrap over tasks' },
    tokens: 8506,
    turns: 5.4,
    seconds: 0.3,
    money: { kind: 'none' },
  };
  const table = (width: number) =>
    closingTable({ run: '', suite: '', folder: '', page: '', rows: [row], failing: [], stopped: [] }, width);
  for (const width of [50, 60, 80, 100]) {
    expect(widthOf(table(width)), table(width)).toBeLessThanOrEqual(width);
    expect(table(width)).toMatch(/^policy .*success +n/);
  }
  expect(table(50)).not.toContain('seconds');
  expect(table(100)).toContain('seconds');
});
