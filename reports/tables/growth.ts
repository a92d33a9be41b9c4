import { voids, type Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import {
  estimate,
  peakTokens,
  promptTokens,
  seedCount,
  taskCount,
  turnCount,
  verified,
  type Reading,
} from '../arms/readings.ts';
import { sizedParts, toolsOffered, type SizedPart, type ToolsOffered } from '../arms/sized-parts.ts';
import { withVoids } from './endings.ts';
import type { Cell, Column, Table } from './table.ts';

/** Windows of models, in tokens. */
export const windows = [
  { name: '8k', tokens: 8 * 1024 },
  { name: '32k', tokens: 32 * 1024 },
  { name: '128k', tokens: 128 * 1024 },
  { name: '1M', tokens: 1024 * 1024 },
] as const;

const columns: readonly Column[] = [
  { key: 'arm', title: 'Policy, view', kind: 'text' },
  { key: 'policy', title: 'Policy', kind: 'text' },
  { key: 'view', title: 'View', kind: 'text' },
  { key: 'size', title: 'Size', kind: 'text' },
  { key: 'tools', title: 'Tools', kind: 'amount' },
  { key: 'least_tools', title: 'Fewest tools', kind: 'count' },
  { key: 'most_tools', title: 'Most tools', kind: 'count' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'seeds', title: 'Seeds', kind: 'count' },
  { key: 'episodes', title: 'Episodes', kind: 'count' },
  { key: 'void_episodes', title: 'Void', kind: 'count' },
  { key: 'verifier_success', title: 'Verifier success', kind: 'share' },
  { key: 'peak_tokens', title: 'Peak context', kind: 'amount' },
  { key: 'total_tokens', title: 'All prompts', kind: 'amount' },
  { key: 'turns', title: 'Turns', kind: 'amount' },
  { key: 'wrong_calls', title: 'Wrong-tool calls', kind: 'amount' },
  { key: 'wrong_episodes', title: 'Episodes with one', kind: 'share' },
  { key: 'unused_schemas_tokens', title: 'Schemas never used', kind: 'amount' },
  { key: 'unused_schemas', title: 'Share never used', kind: 'share' },
  ...windows.map(({ name }): Column => ({ key: overflowKey(name), title: `Over ${name}`, kind: 'share' })),
];

/** Column of the share of episodes whose longest prompt is longer than a window. */
export function overflowKey(window: string): string {
  return `over_${window.toLowerCase()}`;
}

/** One row per policy, view and size of the toolspace: what is solved, and what that costs. */
export default function growthTable(runs: readonly Run[]): Table {
  const parts = sizedParts(runs);
  const offered = toolsOffered(runs);
  const table: Table = {
    name: 'growth',
    title: 'Growth with the number of tools',
    about:
      'The same tasks among more and more tools, each toolspace a part of the next. Size is what was asked for; tools are what tasks were ' +
      'truly offered, a mean over episodes. No window cut any prompt: over 8k, 32k, 128k or 1M is the share of episodes whose longest ' +
      'prompt is longer than so many tokens (times 1,024; 1M times 1,048,576). Peak context is the longest prompt, all prompts those of all turns together, in tokens, means per ' +
      'episode. Wrong-tool calls: calls per episode of tools that the reference plan does not use, looking around included. Schemas never ' +
      'used: tokens in all prompts of schemas of tools that the episode never called, and their share of all schemas’ tokens. Intervals: 95 %.',
    columns,
    rows: parts.map((part) => rowOf(part, offered)),
  };
  return withVoids(
    table,
    parts.map(({ episodes }) => episodes),
  );
}

function rowOf({ label, policy, view, size, episodes }: SizedPart, offered: ToolsOffered): Record<string, Cell> {
  const amount = (read: Reading) => estimate(episodes, read, { isShare: false });
  return {
    arm: label,
    policy,
    view,
    size,
    ...toolCells(episodes, (task) => offered(size, task)),
    tasks: taskCount(episodes),
    seeds: seedCount(episodes),
    episodes: episodes.length,
    void_episodes: voids(episodes),
    verifier_success: estimate(episodes, verified),
    peak_tokens: amount(peakTokens),
    total_tokens: amount(promptTokens),
    turns: amount(turnCount),
    wrong_calls: amount(wrongCalls),
    wrong_episodes: estimate(episodes, (episode) => {
      const calls = wrongCalls(episode);
      return calls === null ? null : Number(calls > 0);
    }),
    unused_schemas_tokens: amount(unusedTokens),
    unused_schemas: estimate(episodes, (episode) => {
      const [unused, all] = [unusedTokens(episode), episode.tokens.schemas];
      return unused === null || all === 0 ? null : unused / all;
    }),
    ...Object.fromEntries(
      windows.map(({ name, tokens }) => [
        overflowKey(name),
        estimate(episodes, (episode) => {
          const peak = peakTokens(episode);
          return peak === null ? null : Number(peak > tokens);
        }),
      ]),
    ),
  };
}

const wrongCalls: Reading = ({ success, tools }) => (success === null || !tools ? null : tools.wrongCalls);
const unusedTokens: Reading = ({ success, tools }) => (success === null || !tools ? null : tools.unusedTokens);

function toolCells(episodes: readonly Episode[], offered: (task: string) => number | null): Record<string, Cell> {
  const counts = episodes.flatMap(({ task }) => offered(task) ?? []);
  if (counts.length === 0) return { tools: null, least_tools: null, most_tools: null };
  return {
    tools: counts.reduce((sum, count) => sum + count, 0) / counts.length,
    least_tools: Math.min(...counts),
    most_tools: Math.max(...counts),
  };
}
