import type { Episode } from '../../core/record/episode-figures.ts';
import type { ToolChoice } from '../../core/record/tool-choice.ts';
import { estimate, type Reading } from '../arms/readings.ts';
import type { Cell, Column, Table } from './table.ts';
import { countsText } from './tools.ts';

const columns: readonly Column[] = [
  { key: 'load_precision', title: 'Precision of loads', kind: 'share' },
  { key: 'load_recall', title: 'Recall of loads', kind: 'share' },
  { key: 'unused_schemas_tokens', title: 'Schemas never used', kind: 'amount' },
  { key: 'wrong_calls', title: 'Wrong-tool calls', kind: 'amount' },
  { key: 'confused', title: 'Called for what was meant', kind: 'text' },
];

const about =
  'A task needs the tools of its reference plan. Precision: of the tools whose schemas the context showed, the share that the task ' +
  'needs; recall: of those that it needs, the share that was shown. Schemas never used: tokens in all prompts of schemas of tools that ' +
  'the episode never called. Wrong-tool calls: calls per episode of tools that the plan does not use, looking around included; named ' +
  'with what was meant: the needed tool of the same name on another server, else the first of the plan that was not called yet.';

/**
 * A table with how the tools that episodes were shown and called agree with those that their tasks need, where the records tell;
 * tasks without a plan are left out, which is said. `episodes`: those of each row, in order.
 */
export function withToolChoice(table: Table, episodes: readonly (readonly Episode[])[]): Table {
  const valid = episodes.flat().filter(({ success }) => success !== null);
  const known = valid.filter(({ tools }) => tools);
  if (known.length === 0) return table;
  const without = new Set(valid.filter(({ tools }) => !tools).map(({ task }) => task)).size;
  const note = without === 0 ? '' : ` Without a plan, and left out of these: ${without} of ${countTasks(valid)} tasks.`;
  return {
    ...table,
    about: `${table.about} ${about}${note}`,
    columns: [...table.columns, ...columns],
    rows: table.rows.map((row, index) => ({ ...row, ...figuresOf(episodes[index] ?? []) })),
  };
}

const countTasks = (episodes: readonly Episode[]): number => new Set(episodes.map(({ task }) => task)).size;

const of =
  (read: (tools: ToolChoice) => number | null): Reading =>
  ({ success, tools }) =>
    success === null || !tools ? null : read(tools);

function figuresOf(episodes: readonly Episode[]): Record<string, Cell> {
  return {
    load_precision: estimate(
      episodes,
      of(({ shown, neededShown }) => (shown === 0 ? null : neededShown / shown)),
    ),
    load_recall: estimate(
      episodes,
      of(({ needed, neededShown }) => (needed === 0 ? null : neededShown / needed)),
    ),
    unused_schemas_tokens: estimate(
      episodes,
      of(({ unusedTokens }) => unusedTokens),
      { isShare: false },
    ),
    wrong_calls: estimate(
      episodes,
      of(({ wrongCalls }) => wrongCalls),
      { isShare: false },
    ),
    confused: confusedText(episodes),
  };
}

const mostNamed = 4;

/** e.g. `filesystem.read_file for memory.open_nodes 3`, the most frequent first; `null` where no call was wrong. */
function confusedText(episodes: readonly Episode[]): string | null {
  const counts = new Map<string, number>();
  for (const { success, tools } of episodes)
    for (const [called, meant, times] of (success !== null && tools?.confused) || []) {
      const name = meant === null ? `${called} after all` : `${called} for ${meant}`;
      counts.set(name, (counts.get(name) ?? 0) + times);
    }
  return countsText(counts, mostNamed);
}
