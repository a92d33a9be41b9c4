import { armsOf, bySplit, calledPolicy, executionOf } from '../arms/arms.ts';
import { estimate, seedCount, taskCount, verified, type Reading } from '../arms/readings.ts';
import { voids, type Episode } from '../../core/record/episode-figures.ts';
import type { Execution } from '../../core/execution.ts';
import type { Job } from '../../core/run-types.ts';
import type { Run } from '../../core/record/read-run.ts';
import { withFailures, withVoids } from './endings.ts';
import type { Cell, Column, Table } from './table.ts';
import { withToolChoice } from './tool-choice.ts';
import { viewBandits } from '../arms/view-bandit.ts';

/** Those that a table has only where policies could write programs. */
const programColumns: readonly string[] = ['execution', 'code_tokens', 'calls'];

const allColumns: readonly Column[] = [
  { key: 'arm', title: 'Policy, view', kind: 'text' },
  { key: 'policy', title: 'Policy', kind: 'text' },
  { key: 'view', title: 'View', kind: 'text' },
  { key: 'execution', title: 'Execution', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'peak_tokens', title: 'Peak context', kind: 'amount' },
  { key: 'total_tokens', title: 'All prompts', kind: 'amount' },
  { key: 'system_tokens', title: 'System', kind: 'amount' },
  { key: 'schemas_tokens', title: 'Schemas', kind: 'amount' },
  { key: 'results_tokens', title: 'Results', kind: 'amount' },
  { key: 'history_tokens', title: 'History', kind: 'amount' },
  { key: 'code_tokens', title: 'Programs', kind: 'amount' },
  { key: 'output_tokens', title: 'Output', kind: 'amount' },
  { key: 'cut_tokens', title: 'Cut by budget', kind: 'amount' },
  { key: 'turns', title: 'Turns', kind: 'amount' },
  { key: 'loads', title: 'Loads', kind: 'amount' },
  { key: 'calls', title: 'Calls', kind: 'amount' },
  { key: 'refused', title: 'Refused', kind: 'amount' },
];

const aboutBandit =
  'LinUCB: a bandit that chooses among the views of a trained policy task by task, by the prompt’s length and spans, and learns ' +
  'from the rubric’s reward, less a price of the longest prompt; its choices while it learns, anew for each seed, as if another ' +
  'order of tasks would lead to the same. ';

/** One row per policy, view and evaluated split: what is solved, and for how many context tokens. */
export default function viewsTable(runs: readonly Run[]): Table {
  const arms = armsOf(runs, 'views');
  const hasPrograms = arms.some(({ jobs }) => executionsOf(jobs).some((execution) => execution !== 'calls'));
  const columns = hasPrograms ? allColumns : allColumns.filter(({ key }) => !programColumns.includes(key));
  const byOf = (executions: readonly Execution[]) => (hasPrograms ? { execution: executions.join(' + ') } : {});
  const parts = arms.flatMap((arm) =>
    bySplit(arm).map(({ split, episodes }) => ({
      arm: arm.label,
      policy: [...new Set(arm.jobs.map(calledPolicy))].join(' + '),
      view: [...new Set(arm.jobs.map((job) => job.view))].join(' + '),
      ...byOf(executionsOf(arm.jobs)),
      split,
      episodes,
    })),
  );
  const ofBandits = viewBandits(arms).map(({ label, policy, views, split, episodes }) => {
    return { arm: label, policy, view: views.join(' or '), ...byOf(['calls']), split, episodes };
  });
  const all = [...parts, ...ofBandits];
  const table: Table = {
    name: 'views',
    title: 'Views',
    about:
      'What each way of showing tools costs. Tokens are means per episode, counted on the rendered prompt of every ' +
      `turn. Peak context: the longest prompt. All prompts: the prompts of all turns together, which the next ${hasPrograms ? 'five' : 'four'} ` +
      `columns split by source; output is what the policy wrote. ${ofBandits.length > 0 ? aboutBandit : ''}Intervals: 95 %.`,
    columns,
    rows: all.map(({ episodes, ...named }) => ({ ...named, ...viewFigures(episodes, hasPrograms) })),
  };
  const ofRows = all.map(({ episodes }) => episodes);
  const withChoice = withToolChoice(hasPrograms ? withFailures(table, ofRows) : table, ofRows);
  return withVoids(
    withChoice,
    parts.map(({ episodes }) => episodes),
  );
}

const executionsOf = (jobs: readonly Job[]): Execution[] => [...new Set(jobs.map(executionOf))];

function viewFigures(episodes: readonly Episode[], hasPrograms: boolean): Record<string, Cell> {
  const amount = (read: (episode: Episode) => number) => {
    const ofValid: Reading = (episode) => (episode.success === null ? null : read(episode));
    return estimate(episodes, ofValid, { isShare: false });
  };
  return {
    tasks: taskCount(episodes),
    seeds: seedCount(episodes),
    void_episodes: voids(episodes),
    verifier_success: estimate(episodes, verified),
    peak_tokens: amount((episode) => episode.peakTokens),
    total_tokens: amount((episode) => episode.tokens.prompt),
    system_tokens: amount((episode) => episode.tokens.system),
    schemas_tokens: amount((episode) => episode.tokens.schemas),
    results_tokens: amount((episode) => episode.tokens.results),
    history_tokens: amount((episode) => episode.tokens.history),
    ...(hasPrograms
      ? { code_tokens: amount(({ tokens }) => tokens.code), calls: amount(({ events }) => events.called) }
      : {}),
    output_tokens: amount((episode) => episode.tokens.output),
    cut_tokens: amount((episode) => episode.cutTokens),
    turns: amount((episode) => episode.turns),
    loads: amount((episode) => episode.events.loaded),
    refused: amount((episode) => episode.events.refused),
  };
}

/** Mean cumulative schema tokens per episode of each server, by arm (for `summary.json`). */
export function schemaTokensByServer(runs: readonly Run[]): Record<string, Record<string, number>> {
  const result: Record<string, Record<string, number>> = {};
  for (const { label, episodes } of armsOf(runs, 'views')) {
    const valid = episodes.filter((episode) => episode.success !== null);
    const servers = [...new Set(valid.flatMap((episode) => Object.keys(episode.tokens.schemasByServer)))].sort();
    result[label] = Object.fromEntries(
      servers.map((server) => {
        const sum = valid.reduce((total, episode) => total + (episode.tokens.schemasByServer[server] ?? 0), 0);
        return [server, sum / valid.length];
      }),
    );
  }
  return result;
}
