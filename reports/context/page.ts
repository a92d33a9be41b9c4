import { dirname } from 'node:path';
import { writableFolder, writeWhole } from '../../core/record/files.ts';
import documentHtml from '../html/document.ts';
import { folded } from '../html/section.ts';
import tableHtml from '../html/table.ts';
import { markup, rawMarkup, type Markup } from '../markup.ts';
import type { Table } from '../tables/table.ts';
import { type ContextCost, restOf, sum, type ToolCost } from './cost.ts';
import { findingTables } from './finding-tables.ts';
import { lead, troubles } from './output.ts';
import type { ContextReport } from './report.ts';
import { againstTables, budgetTable, formTable, serverTable, toolTable, viewTable } from './tables.ts';

/** What `html/page/context.js` draws. */
export interface ContextChart {
  /** The dearest first. */
  readonly servers: readonly string[];
  /** Tokens by server, in their order. */
  readonly parts: readonly { readonly label: string; readonly tokens: readonly number[] }[];
}

/** Writes a report as one page that opens offline; equal reports give equal bytes. Throws `UsageError`. */
export function writeContextPage(path: string, report: ContextReport): void {
  writableFolder(dirname(path));
  writeWhole(path, contextPage(report));
}

export function contextPage(report: ContextReport): string {
  const title = 'What the servers cost a context';
  const findings = findingTables(report);
  const body = [
    markup`<header class="banner"><div><h1>${title}</h1><p class="lead">${lead(report)}</p></div></header>`,
    markup`<main id="content">`,
    ...troubles(report).map((sentence) => markup`<p class="note">${sentence}</p>`),
    ...[...budgetTable(report), ...againstTables(report)].map(section),
    markup`<h2>Tokens by server</h2>${figure(report)}`,
    ...[{ ...serverTable(report), title: 'By server' }].map(plain),
    ...[viewTable(report), formTable(report)].map(section),
    markup`<h2>What was found in the tools</h2>`,
    ...findings.map((table) =>
      table.rows.length === 0
        ? markup`<p>${table.title}: none.</p>`
        : folded(`${table.title}: ${table.rows.length}`, plain(table)),
    ),
    section(toolTable(report)),
    markup`<footer>Made by Toolstone from the tools that the servers list. Charts by Chart.js (MIT).</footer>`,
    markup`</main>`,
  ].filter((part) => part !== null);
  return documentHtml({
    title: `Toolstone: ${title}`,
    body,
    data: chartOf(report),
    scripts: ['context.js', 'print.js'],
  });
}

/** What the whole table stands in. */
const allOfIt = 'the output of --json';

const plain = (table: Table): Markup | null => tableHtml(table, { file: allOfIt });

const section = (table: Table): Markup | null => {
  const html = plain(table);
  return html && markup`<h2>${table.title}</h2>${html}`;
};

/** Height of a bar, and of axis and legend. */
const barRem = 1.7;
const frameRem = 7;

function figure({ servers }: ContextCost): Markup {
  const height = rawMarkup(` style="height:${(servers.length * barRem + frameRem).toFixed(1)}rem"`);
  return markup`
    <figure>
      <div class="canvas"${height}><canvas id="chart-servers" role="img" aria-label="Tokens by server, stacked into names, descriptions, parameters and the rest"></canvas></div>
      <figcaption>
        Tokens of each server’s tools, and of the instructions that it gives every client. All figures stand in the table
        below.
      </figcaption>
    </figure>`;
}

function chartOf(cost: ContextCost): ContextChart {
  const servers = cost.servers.toSorted((a, b) => b.tokens - a.tokens);
  const of = (label: string, read: (tool: ToolCost) => number) => ({
    label,
    tokens: servers.map(({ tools }) => sum(tools.map(read))),
  });
  return {
    servers: servers.map(({ name }) => name),
    parts: [
      of('name', ({ parts }) => parts.name),
      of('description', ({ parts }) => parts.description),
      of('parameters', ({ parts }) => parts.parameters),
      of('rest', restOf),
      { label: 'instructions', tokens: servers.map(({ instructions }) => instructions) },
    ].filter(({ tokens }) => tokens.some((number) => number !== 0)),
  };
}
