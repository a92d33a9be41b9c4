import { driftLines } from '../../../core/drift/drift.ts';
import { readableText } from '../../../core/visible-text.ts';
import { tableMarkdown, type Table } from '../../tables/table.ts';
import { countText, type TasksGate } from './compare.ts';
import { verdictText } from './lines.ts';
import { shortName } from './record.ts';

/** A gate's word in Markdown, as GitHub shows it below a job. */
export default function gateSummary(gate: TasksGate, suite: string): string {
  const { verdict, reasons, notes, drift, outcomes } = gate;
  const changed = outcomes.filter(({ kind }) => kind !== 'steady' && kind !== 'failing');
  const rest = outcomes.length - changed.length;
  const table: Table = {
    name: 'tasks',
    title: 'Tasks',
    about: `Episodes passed of those that count; ${rest} of ${outcomes.length} tasks are as in the reference and left out.`,
    columns: [
      { key: 'task', title: 'Task', kind: 'text' },
      { key: 'what', title: 'What', kind: 'text' },
      { key: 'before', title: 'Reference', kind: 'text' },
      { key: 'now', title: 'Now', kind: 'text' },
      { key: 'why', title: 'Failed now', kind: 'text' },
    ],
    rows: changed.map(({ id, kind, before, now, why = '' }) => ({
      task: shortName(id),
      what: kind,
      before: countText(before),
      now: countText(now),
      why,
    })),
  };
  return [
    `## Toolstone gate of ${suite}: ${verdictText(verdict)}\n`,
    listOf([...reasons, ...notes]),
    ...(drift.length > 0 ? [fenced(driftLines(drift).map((line) => line.trimStart()))] : []),
    ...(changed.length > 0 ? [`##${tableMarkdown(table)}`] : []),
  ].join('\n');
}

const listOf = (sentences: readonly string[]): string =>
  sentences
    .map(
      (sentence) =>
        `- ${readableText(sentence)
          .replaceAll(/[\\`*_<>[\]]/g, '\\$&')
          .replaceAll('\n', ' ')}\n`,
    )
    .join('');

/** Texts of servers and tasks, behind a fence longer than any in them. */
function fenced(lines: readonly string[]): string {
  const text = readableText(lines.join('\n'));
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}diff\n${text}\n${fence}\n`;
}
