import estimateMean, { type Estimate } from '../../core/statistics/estimate.ts';
import type { Table } from './table.ts';

/** Of one task: the best tools for each of its queries, and those that its reference plan calls. */
export interface SearchedTask {
  readonly task: string;
  readonly found: readonly (readonly string[])[];
  readonly needed: readonly string[];
}

/** The tasks of a suite, searched for in one way. */
export interface SearchedSuite {
  readonly suite: string;
  readonly tools: number;
  readonly by: string;
  readonly queries: string;
  readonly tasks: readonly SearchedTask[];
}

/** Numbers of tools that a search shows. */
export const shownTools = [1, 3, 5, 10, 20] as const;

/** Tools are named so that no two are the same. */
export function searchRecallTable(suites: readonly SearchedSuite[]): Table {
  return {
    name: 'search-recall',
    title: 'What a search finds',
    about:
      'Recall at k: the mean share of the tools of a reference plan that are among the first k of a search (`search_tools` in the view ' +
      '`search`, docs/views.md). Queries are the task’s prompt as a whole, or its clauses without the values that they quote, one search each; ' +
      'by clauses a task is shown k tools for each of them. Whole plan at 5: the share of tasks of which all tools are among the first 5. ' +
      'With 95 % intervals over tasks. ' +
      'Made by `node commands/figures/search-recall.ts`.',
    columns: [
      { key: 'suite', title: 'suite', kind: 'text' },
      { key: 'tools', title: 'tools', kind: 'count' },
      { key: 'tasks', title: 'tasks', kind: 'count' },
      { key: 'queries', title: 'queries', kind: 'text' },
      { key: 'by', title: 'by', kind: 'text' },
      ...shownTools.map((k) => ({ key: `recall_at_${k}`, title: `recall at ${k}`, kind: 'share' as const })),
      { key: 'complete_at_5', title: 'whole plan at 5', kind: 'share' },
    ],
    rows: suites.map(({ suite, tools, by, queries, tasks }) => ({
      suite,
      tools,
      tasks: tasks.length,
      queries,
      by,
      ...Object.fromEntries(shownTools.map((k) => [`recall_at_${k}`, mean(tasks, (task) => recallAt(task, k))])),
      complete_at_5: mean(tasks, (task) => (recallAt(task, 5) === 1 ? 1 : 0)),
    })),
  };
}

/** Share of the needed tools among the first k of some query, 0..1; of a task that needs none 1. */
export function recallAt({ found, needed }: SearchedTask, k: number): number {
  const shown = new Set(found.flatMap((tools) => tools.slice(0, k)));
  const hits = needed.filter((tool) => shown.has(tool)).length;
  return needed.length === 0 ? 1 : hits / needed.length;
}

const mean = (tasks: readonly SearchedTask[], read: (task: SearchedTask) => number): Estimate | null =>
  estimateMean(tasks.map((task) => ({ task: task.task, seed: 1, value: read(task) })));
