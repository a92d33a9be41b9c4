import type { Run } from '../../core/record/read-run.ts';
import { namedArms } from '../arms/named-arms.ts';
import { headlineOf, type Headline } from '../headline/headline.ts';
import { markup } from '../markup.ts';
import type { Table } from '../tables/table.ts';
import type { FinishedTraining } from '../tables/trainings.ts';
import chartData from './chart-data.ts';
import documentHtml from './document.ts';
import methodSections from './method.ts';
import type { PageData } from './page-data.ts';
import resultSections from './results.ts';
import sampleOf from './sample.ts';
import { count } from './table.ts';

interface ReportOptions {
  readonly trainings?: readonly FinishedTraining[];
  readonly headline?: Headline | null;
}

/** The whole report as one file that opens offline. No clock time, so that equal runs give equal bytes. */
export default function reportPage(
  run: Run,
  tables: readonly Table[],
  { trainings = [], headline = headlineOf(run) }: ReportOptions = {},
): string {
  const { manifest } = run;
  const arms = namedArms(manifest.jobs);
  const data: PageData = {
    charts: chartData(run, tables, trainings, headline),
    arms: Object.fromEntries(arms.all.flatMap(({ name, jobs }) => jobs.map((job) => [job.name, name]))),
    sample: sampleOf(run),
  };
  const results = resultSections({ run, tables, data, headline, arms });
  const sections = [...results, ...methodSections(run)].filter(({ html }) => html !== null);
  const title = `Toolstone: ${manifest.name}`;
  const links = sections.map(({ id, title: name }) => markup`<a href="#${id}">${name}</a>`);
  const body = [
    markup`<a class="skip" href="#content">Skip to the results</a>`,
    markup`<header class="banner"><div>`,
    markup`<h1>${title}</h1>`,
    markup`<p class="lead">${lead(run)}</p>`,
    markup`</div></header>`,
    markup`<nav aria-label="Sections"><div>${links}</div></nav>`,
    markup`<main id="content">`,
    ...run.notes.map((note) => markup`<p class="note">${note}</p>`),
    ...sections.map(
      ({ id, title: name, html }) =>
        markup`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>${html}</section>`,
    ),
    markup`
      <footer>Made by Toolstone ${manifest.toolstone.version}${' '}
      from the files of the run alone. Charts by Chart.js (MIT).</footer>`,
    markup`</main>`,
  ];
  return documentHtml({ title, body, data });
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
          `${count(trained.length, 'training')} with ${count(seeds, 'random seed')}, each of ${budgets.join(' or ')} episodes`,
        ]),
    ...(fixed === 0 ? [] : [fixed === 1 ? 'one policy that does not learn' : `${fixed} policies that do not learn`]),
  ];
  return `Suite ${manifest.suite} over ${count(servers, 'MCP server')}: ${parts.join(', and ')}.`;
}
