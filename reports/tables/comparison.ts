import { armsOf, bySplit, calledPolicy, executionOf } from '../arms/arms.ts';
import { estimate, properFinish, taskCount, verified } from '../arms/readings.ts';
import { voids, type Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Job } from '../../core/run-types.ts';
import { withEndings } from './endings.ts';
import type { Cell, Column, Table } from './table.ts';

const sources = ['prompt', 'system', 'schemas', 'results', 'history', 'code', 'output'] as const;

const before: readonly Column[] = [
  { key: 'policy', title: 'Policy', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'proper_finish', title: 'Proper finish', kind: 'share' },
];

const after: readonly Column[] = [
  { key: 'prompt_per_success', title: 'Context tokens per success', kind: 'amount' },
  { key: 'system_per_success', title: 'System', kind: 'amount' },
  { key: 'schemas_per_success', title: 'Schemas', kind: 'amount' },
  { key: 'results_per_success', title: 'Results', kind: 'amount' },
  { key: 'history_per_success', title: 'History', kind: 'amount' },
  { key: 'code_per_success', title: 'Programs', kind: 'amount' },
  { key: 'output_per_success', title: 'Output', kind: 'amount' },
];

/** Made by `toolstone run` of several policies, or of one with a label. */
export const isComparison = ({ manifest: { command, jobs } }: Run): boolean =>
  command === 'run' && (new Set(jobs.map(calledPolicy)).size > 1 || jobs.some(({ label }) => label !== undefined));

/** Made in several views, by `toolstone run` or to compare executions in them. */
export const isViewComparison = (run: Run): boolean =>
  (run.manifest.command === 'run' || isExecutionComparison(run)) &&
  new Set(run.manifest.jobs.map(({ view }) => view)).size > 1;

/** Made with several executions. */
export const isExecutionComparison = ({ manifest: { jobs } }: Run): boolean => new Set(jobs.map(executionOf)).size > 1;

/** Made to compare ways of showing or calling tools. */
export const isWayComparison = (run: Run): boolean => isViewComparison(run) || isExecutionComparison(run);

/** A job's way, as far as the jobs of its run differ in it: `eager`, `programs`, or `eager, programs`. */
export function wayOf(run: Run, { view, ...job }: Pick<Job, 'view' | 'execution'>): string {
  const parts = [...(isViewComparison(run) ? [view] : []), ...(isExecutionComparison(run) ? [executionOf(job)] : [])];
  return parts.join(', ');
}

/** One row per policy and split, with a column for each family. Only of runs that compare policies. */
export default function comparisonTable(runs: readonly Run[]): Table {
  const arms = armsOf(runs.filter(isComparison), 'algorithms');
  const hasPrograms = arms.some(({ episodes }) => episodes.some(({ execution }) => execution !== 'calls'));
  const families = [...new Set(arms.flatMap(({ episodes }) => episodes.map(({ family }) => family)))].sort();
  const parts = arms.flatMap((arm) => bySplit(arm).map((part) => ({ label: arm.label, ...part })));
  const rows = parts.map(({ label, split, episodes }) => ({
    policy: label,
    split,
    tasks: taskCount(episodes),
    void_episodes: voids(episodes),
    verifier_success: estimate(episodes, verified),
    proper_finish: estimate(episodes, properFinish),
    ...Object.fromEntries(
      families.map((family) => [
        `success_${family}`,
        estimate(
          episodes.filter((episode) => episode.family === family),
          verified,
        ),
      ]),
    ),
    ...perSuccess(episodes, hasPrograms),
  }));
  const ofFamilies = families.map((family): Column => ({ key: `success_${family}`, title: family, kind: 'share' }));
  const table: Table = {
    name: 'comparison',
    title: 'Policies side by side',
    about:
      'Verifier success over all families, then of each; few tasks each, so read the intervals (95 %) first. Context tokens ' +
      'per success: the prompts of all turns of all episodes, the failed ones too, divided by the number of verified ' +
      `successes; the next ${hasPrograms ? 'five' : 'four'} columns split it by source. Output is what the policy wrote, per success. A dash: no success.`,
    columns: [...before, ...ofFamilies, ...after.filter(({ key }) => hasPrograms || key !== 'code_per_success')],
    rows,
  };
  return withEndings(
    table,
    parts.map(({ episodes }) => episodes),
  );
}

function perSuccess(episodes: readonly Episode[], hasPrograms: boolean): Record<string, Cell> {
  const valid = episodes.filter(({ success }) => success !== null);
  const successes = valid.filter(({ success }) => success?.verified).length;
  return Object.fromEntries(
    sources.flatMap((source) => {
      if (source === 'code' && !hasPrograms) return [];
      const tokens = valid.reduce((sum, episode) => sum + episode.tokens[source], 0);
      return [[`${source}_per_success`, successes === 0 ? null : tokens / successes]];
    }),
  );
}
