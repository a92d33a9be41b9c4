import type { Run } from '../../core/record/read-run.ts';
import { cellText, formatNumber, isEstimate, type Cell, type Table } from '../tables/table.ts';
import type { ChartData, ContextPoint, Curve } from './chart-data.ts';
import judgeHtml from './judge.ts';
import { count, escapeHtml, tableHtml, type Section } from './markup.ts';
import type { Sample } from './sample.ts';

/** Headline, a comparison of policies, the three tables with their charts, families and trajectories, in reading order. */
export default function resultSections(
  run: Run,
  tables: readonly Table[],
  charts: ChartData,
  sample: Sample,
): Section[] {
  const table = (name: string) => tables.find((one) => one.name === name) ?? null;
  const html = (name: string, ...without: string[]) => {
    const found = table(name);
    return found ? tableHtml(found, without) : '';
  };
  return [
    { id: 'headline', title: 'Headline', html: headline(table('rewards'), table('algorithms')) },
    {
      id: 'comparison',
      title: 'Policies side by side',
      html: html('comparison') + heading('Policies against each other', html('policy-differences', 'unpaired')),
    },
    { id: 'trainings', title: 'Trainings', html: html('trainings') },
    { id: 'judge', title: 'Judge', html: judgeHtml(run.manifest) + html('judges') },
    {
      id: 'rewards',
      title: 'Rewards',
      html: html('rewards', 'worst_seed') + heading('Rewards against each other', html('differences', 'unpaired')),
    },
    { id: 'learning', title: 'Learning', html: learningFigure(charts.learning) + html('learning') },
    { id: 'proxies', title: 'Reward and truth', html: proxyFigures(charts) },
    { id: 'views', title: 'Views', html: contextFigure(charts.context) + html('views', 'policy', 'view') },
    { id: 'algorithms', title: 'Algorithms', html: html('algorithms') },
    { id: 'families', title: 'Families', html: fold('Success by task family', html('families')) },
    { id: 'trajectories', title: 'Trajectories', html: trajectories(run, sample) },
  ];
}

const heading = (title: string, html: string): string => (html === '' ? '' : `<h3>${escapeHtml(title)}</h3>${html}`);

const fold = (title: string, html: string): string =>
  html === '' ? '' : `<details><summary>${escapeHtml(title)}</summary>${html}</details>`;

const onTest = (table: Table | null, key: string) =>
  (table?.rows ?? []).filter(({ split }) => split === 'test').map((row) => ({ name: cellText(row[key]), row }));

function headline(rewards: Table | null, algorithms: Table | null): string {
  const cards = [
    ...onTest(rewards, 'reward').map(({ name, row }) => card(`trained on ${name}`, row)),
    ...onTest(algorithms, 'algorithm')
      .filter(({ row }) => row['training_episodes'] === 0)
      .map(({ name, row }) => card(name, row)),
  ].join('');
  if (cards === '') return '';
  return (
    '<p>Verifier success on held-out test tasks: the share of tasks whose end state is exactly right. ' +
    'Bars show the 95 % interval.</p>' +
    `<ul class="cards">${cards}</ul>`
  );
}

const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;

function card(name: string, row: Readonly<Record<string, Cell>>): string {
  const { verifier_success: success, proper_finish: finish } = row;
  if (!isEstimate(success)) return '';
  const [low, high] = [success.low ?? success.value, success.high ?? success.value];
  const finished = isEstimate(finish) ? `<br>proper finish ${formatNumber(finish.value, 'share')}` : '';
  return (
    `<li class="card"><div class="name">${escapeHtml(name)}</div><div class="value">${formatNumber(success.value, 'share')}</div>` +
    `<div class="track" aria-hidden="true"><i style="left:${percent(low)};width:${percent(high - low)}"></i><b style="left:${percent(success.value)}"></b></div>` +
    `<div class="detail">${formatNumber(low, 'share')} – ${formatNumber(high, 'share')}, ` +
    `${count(success.tasks, 'task')} × ${count(success.seeds, 'seed')}${finished}</div></li>`
  );
}

const canvas = (id: string, label: string): string =>
  `<div class="canvas"><canvas id="${id}" role="img" aria-label="${escapeHtml(label)}"></canvas></div>`;

function learningFigure(curves: readonly Curve[]): string {
  if (curves.length === 0) return '';
  return (
    `<figure>${canvas('chart-learning', 'Verifier success on validation tasks over training episodes, by arm')}` +
    '<figcaption>Greedy verifier success on validation tasks. Lines are means over seeds, bands reach from the lowest to the ' +
    `highest seed.</figcaption>${curveTable(curves)}</figure>`
  );
}

function curveTable(curves: readonly Curve[]): string {
  const rows = curves.flatMap(({ label, points }) =>
    points.map(
      ({ episodes, mean, seeds }) =>
        `<tr><th scope="row">${escapeHtml(label)}</th><td class="number">${Math.round(episodes)}</td>` +
        `<td class="number">${mean.toFixed(2)}</td><td>${seeds.map((value) => value.toFixed(2)).join(', ')}</td></tr>`,
    ),
  );
  const head =
    '<th scope="col">Line</th><th scope="col" class="number">Episodes</th><th scope="col" class="number">Mean</th><th scope="col">Seeds</th>';
  return fold(
    'The numbers',
    `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`,
  );
}

function proxyFigures({ proxies }: ChartData): string {
  if (proxies.length === 0) return '';
  const figures = proxies.map(
    ({ label, lines }, index) =>
      `<figure><h3>${escapeHtml(label)}</h3>${canvas(`chart-proxy-${index}`, `${label}: reward and verifier success over training`)}${curveTable(lines)}</figure>`,
  );
  return (
    '<p>Means of the training episodes, sampled rather than greedy. The solid line is the truth, the dashed one the reward the ' +
    'policy was trained on, the dotted ones the other rewards. A reward that climbs while the truth does not is being gamed.</p>' +
    `<div class="grid">${figures.join('')}</div>`
  );
}

function contextFigure(points: readonly ContextPoint[]): string {
  if (points.length === 0) return '';
  return (
    `<figure>${canvas('chart-context', 'Verifier success against peak context tokens, by policy and view')}` +
    '<figcaption>What a view costs and what is solved with it; upper left is better. Lines through the points are 95 % intervals; ' +
    'all figures stand in the table below.</figcaption></figure>'
  );
}

const select = (name: string, label: string): string => `<label>${label}<select id="pick-${name}"></select></label>`;

function trajectories(run: Run, { trajectories: chosen, recorded }: Sample): string {
  if (chosen.length === 0) return '';
  return (
    `<p>${chosen.length} of ${recorded} recorded episodes: the first of every job and split, as many as fit in this page, no choice by ` +
    `outcome. All of them stand in <code>trajectories.jsonl</code>. ✓ is verified, ✗ is not.</p>` +
    `<div class="picker">${select('job', 'Job')}${select('phase', 'Split')}${select('task', 'Task')}` +
    '<button type="button" id="pick-previous">Previous</button><button type="button" id="pick-next">Next</button></div>' +
    '<div id="trajectory" aria-live="polite"></div>' +
    `<noscript><p class="note">Trajectories need JavaScript; the tables above do not. The record is in ${escapeHtml(run.manifest.name)}/trajectories.jsonl.</p></noscript>`
  );
}
