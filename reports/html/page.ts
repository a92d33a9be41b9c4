import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Run } from '../../core/record/read-run.ts';
import type { Table } from '../tables/table.ts';
import type { FinishedTraining } from '../tables/trainings.ts';
import chartData from './chart-data.ts';
import clientCharts from './client-charts.ts';
import clientTrajectories from './client-trajectories.ts';
import criteriaByFamily from './criteria.ts';
import { count, escapeHtml, scriptJson } from './markup.ts';
import methodSections from './method.ts';
import resultSections from './results.ts';
import sampleOf from './sample.ts';
import styles from './styles.ts';

/**
 * The whole report as one file that opens offline: styles, chart.js, data and script inside, and a policy that forbids every
 * request. No clock time, so that equal runs give equal bytes.
 */
export default function reportPage(
  run: Run,
  tables: readonly Table[],
  trainings: readonly FinishedTraining[] = [],
): string {
  const charts = chartData(run, tables, trainings);
  const sample = sampleOf(run);
  const { manifest } = run;
  const sections = [...resultSections(run, tables, charts, sample), ...methodSections(run)].filter(
    ({ html }) => html !== '',
  );
  const title = `Toolstone: ${manifest.name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${styles}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the results</a>
<header class="banner"><div>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(lead(run))}</p>
</div></header>
<nav aria-label="Sections"><div>${sections.map(({ id, title: name }) => `<a href="#${id}">${escapeHtml(name)}</a>`).join('')}</div></nav>
<main id="content">
${run.notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')}
${sections.map(({ id, title: name, html }) => `<section aria-labelledby="${id}"><h2 id="${id}">${escapeHtml(name)}</h2>\n${html}</section>`).join('\n')}
<footer>Made by Toolstone ${escapeHtml(manifest.toolstone.version)} from the files of the run alone. Charts by Chart.js (MIT).</footer>
</main>
<script type="application/json" id="report-data">${scriptJson({ charts, sample, rubrics: criteriaByFamily(manifest) })}</script>
<script>${chartLibrary()}</script>
<script>${clientCharts}</script>
<script>${clientTrajectories}</script>
</body>
</html>
`;
}

function lead({ manifest }: Run): string {
  const trained = manifest.jobs.filter(({ training }) => training !== null);
  const seeds = new Set(trained.map(({ seed }) => seed)).size;
  const budgets = [...new Set(trained.map(({ training }) => training?.episodes ?? 0))].sort((a, b) => a - b);
  const servers = Object.keys(manifest.servers).length;
  const fixed = new Set(manifest.jobs.filter(({ training }) => training === null).map(({ policy }) => policy)).size;
  const parts = [
    ...(trained.length === 0
      ? []
      : [
          `${count(trained.length, 'training')} over ${count(seeds, 'seed')}, each of ${budgets.join(' or ')} episodes`,
        ]),
    ...(fixed === 0 ? [] : [fixed === 1 ? 'one policy that does not learn' : `${fixed} policies that do not learn`]),
  ];
  return `Suite ${manifest.suite} over ${count(servers, 'MCP server')}: ${parts.join(', and ')}.`;
}

/** The browser build of chart.js, which the package does not export by name; its source map reference would be a request. */
function chartLibrary(): string {
  const main = createRequire(import.meta.url).resolve('chart.js');
  return readFileSync(join(dirname(main), 'chart.umd.min.js'), 'utf8')
    .replace(/\/\/# sourceMappingURL=.*/, '')
    .trim();
}
