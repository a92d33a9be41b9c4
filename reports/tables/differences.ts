import pairedDifference from '../../core/statistics/paired.ts';
import { armsOf, bySplit, type Arm } from '../arms/arms.ts';
import { observe, properFinish, verified, type Reading } from '../arms/readings.ts';
import { isComparison } from './comparison.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Cell, Column, Table } from './table.ts';

const columnsOf = (what: string): readonly Column[] => [
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'first', title: what, kind: 'text' },
  { key: 'second', title: 'against', kind: 'text' },
  { key: 'verifier_success', title: 'Δ verifier success', kind: 'share' },
  { key: 'proper_finish', title: 'Δ proper finish', kind: 'share' },
  { key: 'pairs', title: 'Pairs', kind: 'count' },
  { key: 'unpaired', title: 'Unpaired', kind: 'count' },
  { key: 'paired_by', title: 'Paired by', kind: 'text' },
  { key: 'reading', title: 'Reading', kind: 'text' },
];

/** Every two rewards on the same tasks and seeds. */
export default function differencesTable(runs: readonly Run[]): Table {
  const { about, rows } = differencesOf(armsOf(runs, 'rewards'));
  return { name: 'differences', title: 'Rewards against each other', about, columns: columnsOf('Reward'), rows };
}

/** Every two policies of a comparison on the same tasks. */
export function policyDifferencesTable(runs: readonly Run[]): Table {
  const { about, rows } = differencesOf(armsOf(runs.filter(isComparison), 'algorithms'));
  return {
    name: 'policy-differences',
    title: 'Policies against each other',
    about,
    columns: columnsOf('Policy'),
    rows,
  };
}

/** Intervals hold together (Bonferroni over the pairs of a split). */
function differencesOf(arms: readonly Arm[]): Pick<Table, 'about' | 'rows'> {
  const pairs = arms.flatMap((first, index) => arms.slice(index + 1).map((second) => [second, first] as const));
  const level = 1 - 0.05 / Math.max(1, pairs.length);
  const rows: Record<string, Cell>[] = [];
  for (const [first, second] of pairs) {
    const others = new Map(bySplit(second).map(({ split, episodes }) => [split, episodes]));
    for (const { split, episodes } of bySplit(first)) {
      const compare = (read: Reading) =>
        pairedDifference(observe(others.get(split) ?? [], read), observe(episodes, read), { level });
      const success = compare(verified);
      rows.push({
        split,
        first: first.label,
        second: second.label,
        verifier_success: success.difference,
        proper_finish: compare(properFinish).difference,
        pairs: success.pairs,
        unpaired: success.unpaired,
        paired_by: success.pairedBy,
        reading: readingOf(success.difference),
      });
    }
  }
  const splits = [...new Set(rows.map((row) => row['split']))];
  return {
    about:
      `Differences on the same tasks and seeds (first minus second). Intervals of ${(100 * level).toFixed(1)} %, so that ` +
      'the comparisons of a split hold together at 95 %. Verifier success is the primary figure.',
    rows: splits.flatMap((split) => rows.filter((row) => row['split'] === split)),
  };
}

function readingOf(difference: ReturnType<typeof pairedDifference>['difference']): string {
  if (!difference || difference.low === null || difference.high === null) return 'nothing to compare';
  if (difference.low > 0) return 'better';
  if (difference.high < 0) return 'worse';
  return 'not told apart';
}
