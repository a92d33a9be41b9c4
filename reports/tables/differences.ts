import pairedDifference, { type PairedDifference } from '../../core/statistics/paired.ts';
import { fewestSeeds } from '../../core/statistics/seeds.ts';
import { armsOf, bySplit, calledPolicy, executionOf, isTrained, type Arm } from '../arms/arms.ts';
import {
  observe,
  peakTokens,
  promptTokens,
  properFinish,
  turnCount,
  verified,
  type Reading,
} from '../arms/readings.ts';
import { isComparison, isWayComparison } from './comparison.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Job } from '../../core/run-types.ts';
import { formatNumber, type Cell, type Column, type Table } from './table.ts';

const columnsOf = (what: string): readonly Column[] => [
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'first', title: what, kind: 'text' },
  { key: 'second', title: 'against', kind: 'text' },
  { key: 'verifier_success', title: 'Δ verifier success', kind: 'share' },
  { key: 'proper_finish', title: 'Δ proper finish', kind: 'share' },
  { key: 'by_seed', title: 'Δ success by seed', kind: 'text' },
  { key: 'seeds_above', title: 'Seeds above 0', kind: 'text' },
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

/** Every two learners, or variants of one, on the same tasks and seeds. */
export function algorithmDifferencesTable(runs: readonly Run[]): Table {
  const { about, rows } = differencesOf(armsOf(runs, 'algorithms').filter(isTrained));
  const columns = columnsOf('Algorithm');
  return { name: 'algorithm-differences', title: 'Algorithms against each other', about, columns, rows };
}

/**
 * Every two views that a policy was trained in, on the same tasks and seeds; of a run that compares views or executions every two ways in
 * which a policy played, with what they cost.
 */
export function viewDifferencesTable(runs: readonly Run[]): Table {
  const named = { name: 'view-differences', title: 'Views against each other' };
  const columns = columnsOf('Policy, view');
  if (!runs.some(isWayComparison))
    return { ...named, columns, ...differencesOf(armsOf(runs, 'views').filter(isTrained)) };
  const { about, rows } = differencesOf(armsOf(runs.filter(isWayComparison), 'views'), {
    isPair: ofOnePolicy,
    costs: viewCosts,
  });
  const place = columns.findIndex(({ key }) => key === 'proper_finish') + 1;
  const ofCosts = viewCosts.map(({ key, title }): Column => ({ key, title: `Δ ${title}`, kind: 'amount' }));
  return { ...named, about: `${about} ${aboutCosts}`, columns: columns.toSpliced(place, 0, ...ofCosts), rows };
}

interface Cost {
  readonly key: string;
  readonly title: string;
  readonly read: Reading;
}

/** What a view costs, in the columns of every table that compares views. */
export const viewCosts: readonly Cost[] = [
  { key: 'peak_tokens', title: 'peak context', read: peakTokens },
  { key: 'total_tokens', title: 'all prompts', read: promptTokens },
  { key: 'turns', title: 'turns', read: turnCount },
];

const aboutCosts =
  'Peak context is the longest prompt of an episode, all prompts those of its turns together, in tokens: below 0 the first view needs fewer.';

/** The same policy, whatever shows it the tools or calls them; where both differ nobody could tell which of them it is. */
const ofOnePolicy: IsPair = (first, second) => {
  const jobs = [...first.jobs, ...second.jobs];
  const isOne = (read: (job: Job) => string) => new Set(jobs.map(read)).size === 1;
  return isOne(calledPolicy) && (isOne(({ view }) => view) || isOne(executionOf));
};

/** The same view and execution, whoever plays in it. */
const inOneWay: IsPair = (first, second) =>
  new Set([...first.jobs, ...second.jobs].map((job) => `${job.view} ${executionOf(job)}`)).size === 1;

/** Every two policies of a comparison on the same tasks, in the same view. */
export function policyDifferencesTable(runs: readonly Run[]): Table {
  const { about, rows } = differencesOf(armsOf(runs.filter(isComparison), 'algorithms'), { isPair: inOneWay });
  return {
    name: 'policy-differences',
    title: 'Policies against each other',
    about,
    columns: columnsOf('Policy'),
    rows,
  };
}

type IsPair = (first: Arm, second: Arm) => boolean;

type Pair = readonly [Arm, Arm];

/** The later arm first, as it is held against the earlier. */
function pairsOf(arms: readonly Arm[], isPair: IsPair): Pair[] {
  const pairs = arms.flatMap((first, index) => arms.slice(index + 1).map((second): Pair => [second, first]));
  return pairs.filter(([first, second]) => isPair(first, second));
}

/** Of each interval, so that all hold together at 95 %. */
const levelOf = (pairs: readonly Pair[]): number => 1 - 0.05 / Math.max(1, pairs.length);

/** Of the intervals between every two views in which a policy played, as the table of them has it. */
export const viewLevel = (views: readonly Arm[]): number => levelOf(pairsOf(views, ofOnePolicy));

/** Intervals hold together (Bonferroni over the pairs of a split); those of `costs` beside those of success. */
function differencesOf(
  arms: readonly Arm[],
  { isPair = () => true, costs = [] }: { readonly isPair?: IsPair; readonly costs?: readonly Cost[] } = {},
): Pick<Table, 'about' | 'rows'> {
  const pairs = pairsOf(arms, isPair);
  const level = levelOf(pairs);
  const rows: Record<string, Cell>[] = [];
  for (const [first, second] of pairs) {
    const others = new Map(bySplit(second).map(({ split, episodes }) => [split, episodes]));
    for (const { split, episodes } of bySplit(first)) {
      const compare = (read: Reading, isShare = true) =>
        pairedDifference(observe(others.get(split) ?? [], read), observe(episodes, read), { level, isShare });
      const success = compare(verified);
      rows.push({
        split,
        first: first.label,
        second: second.label,
        verifier_success: success.difference,
        proper_finish: compare(properFinish).difference,
        ...Object.fromEntries(costs.map(({ key, read }) => [key, compare(read, false).difference])),
        ...seedCells(success),
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
      `Differences on the same tasks and seeds (first minus second). ${levelText(level, pairs.length)}: Student’s t, ` +
      `clustered by phrasing and seed. With fewer than ${fewestSeeds} seeds they are clustered by phrasing alone and hold for ` +
      'these training runs only; read the seeds beside them. Verifier success is the primary figure.',
    rows: splits.flatMap((split) => rows.filter((row) => row['split'] === split)),
  };
}

const levelText = (level: number, pairs: number): string =>
  pairs < 2
    ? 'Intervals: 95 %'
    : `Intervals of ${(100 * level).toFixed(level < 0.9995 ? 1 : 2)} %, adjusted for the ${pairs} comparisons of a split`;

/** The points behind a difference, and how many of them are above 0; dashes where there is but one. */
function seedCells({ bySeed }: PairedDifference): Record<string, Cell> {
  if (bySeed.length < 2) return { by_seed: null, seeds_above: null };
  return {
    // With the sign that programs read.
    by_seed: bySeed.map((value) => formatNumber(value, 'share').replace('−', '-')).join(', '),
    seeds_above: `${bySeed.filter((value) => value > 0).length} of ${bySeed.length}`,
  };
}

function readingOf(difference: PairedDifference['difference']): string {
  if (!difference) return 'nothing to compare';
  if (difference.low === null || difference.high === null) return 'too few tasks to tell';
  const ofThese = difference.seeds > 1 && difference.seeds < fewestSeeds ? ' in these trainings' : '';
  if (difference.low > 0) return `better${ofThese}`;
  if (difference.high < 0) return `worse${ofThese}`;
  return 'not told apart';
}
