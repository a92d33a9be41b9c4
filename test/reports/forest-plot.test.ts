import { expect, test } from 'vitest';
import forestPlot from '../../reports/figures/forest-plot.ts';
import type { Table } from '../../reports/tables/table.ts';

const estimate = (value: number, low: number | null, high: number | null) =>
  ({ value, low, high, tasks: 2, seeds: 1, episodes: 2, method: 'no spread' }) as const;

const table: Table = {
  name: 'rewards',
  title: 'Rewards',
  about: '',
  columns: [
    { key: 'reward', title: 'Trained on', kind: 'text' },
    { key: 'split', title: 'Split', kind: 'text' },
    { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  ],
  rows: [
    { reward: 'a < b & c', split: 'test', verifier_success: estimate(0.25, 0, 0.5) },
    { reward: 'other', split: 'test', verifier_success: estimate(1, null, null) },
    { reward: 'other', split: 'wording', verifier_success: estimate(0, 0, 0.1) },
    { reward: 'void', split: 'wording', verifier_success: null },
  ],
};

const numbers = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, one]) => Number(one));

test('a point for each mean and a line for each interval, on one scale', () => {
  const plot = forestPlot(table) ?? '';
  const [quarter = 0, whole = 0, nil = 0] = numbers(plot, /<circle cx="([\d.]+)"/g);
  expect((quarter - nil) / (whole - nil)).toBeCloseTo(0.25, 2);
  const [from = 0] = numbers(plot, /<line class="interval" x1="([\d.]+)"/g);
  const [to = 0] = numbers(plot, /<line class="interval" x1="[\d.]+" x2="([\d.]+)"/g);
  expect([from, (to - nil) / (whole - nil)]).toEqual([nil, expect.closeTo(0.5, 2)]);
  expect(plot.match(/class="interval"/g), 'no line without an interval').toHaveLength(2);
  expect(plot.match(/class="split"/g)).toHaveLength(2);
});

test('what a user named is text and no markup', () => {
  const plot = forestPlot(table) ?? '';
  expect(plot).toContain('a &lt; b &amp; c: 0.25, 0.00 to 0.50');
  expect(plot).not.toContain('a < b');
});

test('nothing is drawn of a table without rows, nor of one that ranks nothing', () => {
  expect(forestPlot({ ...table, rows: [] })).toBeNull();
  expect(forestPlot({ ...table, name: 'policy-differences' })).toBeNull();
});
