import type { Table } from '../tables/table.ts';
import { count } from '../html/table.ts';
import { escapeMarkdown, tableMarkdown } from '../tables/table.ts';
import { tableText } from '../tables/table-text.ts';
import type { ContextCost } from './cost.ts';
import { findingTables } from './finding-tables.ts';
import type { ContextReport } from './report.ts';
import { againstTables, budgetTable, formTable, serverTable, toolTable, viewTable } from './tables.ts';

/** Tools and findings that a terminal or a pull request shows; all stand in `--json` and on the page. */
const mostTools = 10;
const mostFindings = 10;

/** For a terminal of so many columns. */
export function contextText(report: ContextReport, width?: number): string {
  const parts = [...tablesOf(report), ...shortened(findingTables(report))].map((table) =>
    tableText(table, width === undefined ? {} : { width }),
  );
  return [lead(report), ...parts, ...troubles(report)].join('\n\n');
}

/** For a pull request: what is new in front, all tools folded at the end. */
export function contextMarkdown(report: ContextReport): string {
  const tools = toolTable(report);
  const findings = findingTables(report).filter(({ rows }) => rows.length > 0);
  return [
    `## What the servers cost a context\n\n${escapeMarkdown(lead(report))}`,
    ...troubles(report).map((sentence) => `> ${escapeMarkdown(sentence)}`),
    ...[
      ...budgetTable(report),
      ...againstTables(report),
      serverTable(report),
      viewTable(report),
      formTable(report),
    ].map(section),
    ...findings.map((table) => folded(`${table.title}: ${table.rows.length}`, table)),
    folded(`${tools.title}: ${tools.rows.length}`, tools),
  ].join('\n\n');
}

const section = (table: Table): string => `##${tableMarkdown(table)}`.trim();

const folded = (summary: string, table: Table): string =>
  `<details><summary>${summary}</summary>\n\n${tableMarkdown(table)
    .replace(/^# .*\n\n/, '')
    .trim()}\n\n</details>`;

function tablesOf(report: ContextReport): Table[] {
  return [
    serverTable(report),
    toolTable(report, mostTools),
    viewTable(report),
    formTable(report),
    ...againstTables(report),
    ...budgetTable(report),
  ];
}

function shortened(tables: readonly Table[]): Table[] {
  return tables
    .filter(({ rows }) => rows.length > 0)
    .map((table) => {
      const { title, rows } = table;
      const isCut = rows.length > mostFindings;
      const cut = isCut ? `, the first ${mostFindings}; --json and --page have all` : '';
      return { ...table, title: `${title} (${rows.length}${cut})`, rows: rows.slice(0, mostFindings) };
    });
}

/** One sentence or two. */
export function lead({ total, servers, tokenizer, form, names, budget, against }: ContextReport): string {
  const tools = servers.flatMap((server) => server.tools).length;
  const written = names === 'tool' ? '' : `, names as ${names}`;
  const change = against ? `, ${signed(against.total.after - against.total.before)} against the earlier figures` : '';
  const verdict = !budget
    ? ''
    : budget.over === 0
      ? ` That is within the budget of ${budget.tokens}.`
      : ` That is ${budget.over} over the budget of ${budget.tokens}.`;
  return `${count(tools, 'tool')} of ${count(servers.length, 'server')} cost ${total} tokens${change} (tokenizer ${tokenizer.name}, form ${form}${written}).${verdict}`;
}

const signed = (number: number): string => (number > 0 ? `+${number}` : String(number));

/** What nobody should read over. */
export const troubles = ({ notStarted, findings }: ContextCost): string[] => [
  ...notStarted.map(({ server, why }) => `Not counted, since it did not start: ${server}. ${why}`),
  ...findings.remarks,
];
