// node commands/figures/finetune-contexts.ts OUT RUN...: success against context of the runs of finetune-contexts.sh, a row for each policy, as contexts
// (.md, .csv, .json) in OUT.
import { basename } from 'node:path';
import type { Episode } from '../../core/record/episode-figures.ts';
import readRun from '../../core/record/read-run.ts';
import estimateMean from '../../core/statistics/estimate.ts';
import type { Table } from '../../reports/tables/table.ts';
import writeTables from '../../reports/write-tables.ts';

const [out = '', ...runs] = process.argv.slice(2);

function rowOf(run: string, own: readonly Episode[]) {
  const scored = own.filter(({ success }) => success !== null);
  const [first] = own;
  const over = (of: (one: Episode) => number, isShare: boolean) =>
    estimateMean(
      scored.map((one) => ({ task: one.task, seed: one.seed, value: of(one) })),
      { isShare },
    );
  return {
    policy: (first?.job ?? '').replace(/-(?:tool|search|eager|native|server)(?:-\w+)?\/.*/, ''),
    view: first?.view ?? '',
    execution: first?.execution ?? '',
    tools: /-(\d+)$/.exec(basename(run))?.[1] ?? 'of the task',
    tasks: new Set(scored.map(({ task }) => task)).size,
    success: over(({ success }) => Number(success?.verified === true), true),
    tokens: over(({ tokens }) => tokens.prompt, false),
    peak: over(({ peakTokens }) => peakTokens, false),
    turns: over(({ turns }) => turns, false),
  };
}

const table: Table = {
  name: 'contexts',
  title: 'Success and context of a tuned model by view and execution',
  about:
    'Each row of “tuned” is a training of its own in this view and execution, measured in the same, without sampling. Tokens: all prompts of an ' +
    'episode together. Peak: its longest prompt. Tools: those of the tasks’ own servers, or with others added. Void episodes are left out. ' +
    'Intervals: 95 %, over tasks; they do not cover another training.',
  columns: [
    { key: 'policy', title: 'Policy', kind: 'text' },
    { key: 'view', title: 'View', kind: 'text' },
    { key: 'execution', title: 'Execution', kind: 'text' },
    { key: 'tools', title: 'Tools', kind: 'text' },
    { key: 'tasks', title: 'Tasks', kind: 'count' },
    { key: 'success', title: 'Success', kind: 'share' },
    { key: 'tokens', title: 'Tokens', kind: 'amount' },
    { key: 'peak', title: 'Peak', kind: 'amount' },
    { key: 'turns', title: 'Turns', kind: 'amount' },
  ],
  rows: runs.flatMap((run) =>
    [...Map.groupBy(readRun(run).episodes, ({ job }) => job).values()].map((own) => rowOf(run, own)),
  ),
};
writeTables(out, [table]);
