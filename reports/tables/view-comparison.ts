import { armLabel } from '../../core/arm-label.ts';
import { voids, type Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import { openTrajectories } from '../../core/record/run-files.ts';
import type { Job } from '../../core/run-types.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { armsOf, bySplit, calledPolicy, executionOf, type Arm } from '../arms/arms.ts';
import { estimate, observe, taskCount, verified } from '../arms/readings.ts';
import type { Money } from '../end/types.ts';
import { isExecutionComparison, isViewComparison, wayOf } from './comparison.ts';
import { viewCosts } from './differences.ts';
import { withVoids } from './endings.ts';
import type { Cell, Column, Table } from './table.ts';

/** What episodes of a policy cost; `read` gives their records. */
export type MoneyOfPolicy = (policy: string, read: () => readonly ScoredTrajectory[]) => Money;

interface Part {
  readonly arm: Arm;
  readonly split: string;
  readonly episodes: readonly Episode[];
  readonly money: Money;
}

/**
 * One row per policy, view, execution and split of a run in several views or with several executions: what it solves and what that costs,
 * paired over tasks with the run's first view and execution.
 */
export default function viewComparisonTable(run: Run, moneyOf: MoneyOfPolicy = () => ({ kind: 'none' })): Table {
  const parts = partsOf(run, moneyOf);
  const ways = [...new Set(run.manifest.jobs.map((job) => wayOf(run, job)))];
  const [first = ''] = ways;
  const level = 1 - 0.05 / Math.max(1, ways.length - 1);
  const hasExecutions = isExecutionComparison(run);
  const what = [...(isViewComparison(run) ? ['view'] : []), ...(hasExecutions ? ['execution'] : [])].join(' and ');
  const currencies = new Set(parts.flatMap(({ money }) => (money.kind === 'known' ? [money.currency] : [])));
  const table: Table = {
    name: 'view-comparison',
    title: hasExecutions ? 'Views and executions side by side' : 'Views side by side',
    about:
      `The same tasks ${what === 'execution' ? 'with' : 'in'} every ${what}. Δ success: less that ${what === 'execution' ? 'with the execution' : `in the ${what}`} ${first}, paired by task; ` +
      `${ways.length > 2 ? `intervals of ${(100 * level).toFixed(1)} %, adjusted for ${ways.length - 1} comparisons` : '95 % intervals'}. ` +
      'Means per episode: peak context is its longest prompt, all prompts those of its turns together, both in tokens.' +
      (currencies.size > 0 ? ' Money is that of all episodes together.' : ''),
    columns: columnsOf(first, currencies).filter(({ key }) => hasExecutions || key !== 'execution'),
    rows: parts.map((part) =>
      rowOf(
        run,
        part,
        parts.find((one) => isBase(run, one, part, first)),
        level,
      ),
    ),
  };
  return withVoids(
    table,
    parts.map(({ episodes }) => episodes),
  );
}

const columnsOf = (first: string, currencies: ReadonlySet<string>): readonly Column[] => [
  { key: 'policy', title: 'Policy', kind: 'text' },
  { key: 'view', title: 'View', kind: 'text' },
  { key: 'execution', title: 'Execution', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  ...viewCosts.map(({ key, title }): Column => ({
    key,
    title: title[0]?.toUpperCase() + title.slice(1),
    kind: 'amount',
  })),
  ...(currencies.size > 0
    ? [{ key: 'money', title: `Money, ${[...currencies].join(' or ')}`, kind: 'count' } as const]
    : []),
  { key: 'success_difference', title: `Δ success, less ${first}`, kind: 'share' },
];

function partsOf(run: Run, moneyOf: MoneyOfPolicy): Part[] {
  const stored = openTrajectories(run.folder);
  try {
    return armsOf([run], 'views').flatMap((arm) =>
      bySplit(arm).map(({ split, episodes }) => {
        const money = moneyOf(arm.jobs[0]?.policy ?? '', () => episodes.map(({ place }) => stored.at(place)));
        return { arm, split, episodes, money };
      }),
    );
  } finally {
    stored.close();
  }
}

const jobOf = ({ arm }: Part): Job => arm.jobs[0] as Job;

/** Of the same policy and split in the first view, with the first execution. */
const isBase = (run: Run, one: Part, other: Part, first: string): boolean =>
  wayOf(run, jobOf(one)) === first &&
  one.split === other.split &&
  calledPolicy(jobOf(one)) === calledPolicy(jobOf(other));

function rowOf(run: Run, part: Part, base: Part | undefined, level: number): Record<string, Cell> {
  const { split, episodes, money } = part;
  const difference =
    base === undefined || base === part
      ? null
      : pairedDifference(observe(base.episodes, verified), observe(episodes, verified), { level }).difference;
  const { view, execution } = jobOf(part);
  const hasExecutions = isExecutionComparison(run);
  return {
    policy: armLabel(calledPolicy(jobOf(part)), { execution: hasExecutions ? undefined : execution }),
    view,
    ...(hasExecutions ? { execution: executionOf(jobOf(part)) } : {}),
    split,
    tasks: taskCount(episodes),
    void_episodes: voids(episodes),
    verifier_success: estimate(episodes, verified),
    success_difference: difference,
    ...Object.fromEntries(viewCosts.map(({ key, read }) => [key, estimate(episodes, read, { isShare: false })])),
    money: money.kind === 'known' ? Number(money.amount.toFixed(6)) : null,
  };
}
