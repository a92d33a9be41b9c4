import type { Run } from '../../core/record/read-run.ts';
import { isOwnSuiteName } from '../../core/task-id.ts';
import { markup, type Markup } from '../markup.ts';
import { cellText, formatNumber, isEstimate, type Cell, type Table } from '../tables/table.ts';
import { contextFigure, learningFigure, proxyFigures } from './chart-figures.ts';
import judgeHtml from './judge.ts';
import type { PageData } from './page-data.ts';
import type { Sample } from './sample.ts';
import { folded, titled, type Section } from './section.ts';
import tableHtml, { count } from './table.ts';

/** Headline, a comparison of policies, the three tables with their charts, families and trajectories, in reading order. */
export default function resultSections(
  run: Run,
  tables: readonly Table[],
  { charts, sample }: Pick<PageData, 'charts' | 'sample'>,
): Section[] {
  const table = (name: string) => tables.find((candidate) => candidate.name === name) ?? null;
  const html = (name: string, ...without: string[]) => {
    const found = table(name);
    return found && tableHtml(found, without);
  };
  return [
    { id: 'headline', title: 'Headline', html: headline(run, table('rewards'), table('algorithms')) },
    {
      id: 'comparison',
      title: 'Policies side by side',
      html: together(html('comparison'), titled('Policies against each other', html('policy-differences', 'unpaired'))),
    },
    { id: 'trainings', title: 'Trainings', html: html('trainings') },
    { id: 'judge', title: 'Judge', html: together(judgeHtml(run.manifest), html('judges')) },
    {
      id: 'rewards',
      title: 'Rewards',
      html: together(
        html('rewards', 'worst_seed'),
        titled('Rewards against each other', html('differences', 'unpaired')),
      ),
    },
    { id: 'learning', title: 'Learning', html: together(learningFigure(charts.learning), html('learning')) },
    { id: 'proxies', title: 'Reward and truth', html: proxyFigures(charts.proxies) },
    { id: 'views', title: 'Views', html: together(contextFigure(charts.context), html('views', 'policy', 'view')) },
    { id: 'algorithms', title: 'Algorithms', html: html('algorithms') },
    { id: 'families', title: 'Families', html: folded('Success by task family', html('families')) },
    {
      id: 'tools',
      title: 'Tools',
      html: together(
        folded('What policies did with each tool', html('tools')),
        titled('What changed by tool', html('tool-differences')),
      ),
    },
    { id: 'trajectories', title: 'Trajectories', html: trajectories(run, sample) },
  ];
}

/** One after another; nothing where each is nothing. */
const together = (first: Markup | null, second: Markup | null): Markup | null =>
  first === null || second === null ? (first ?? second) : markup`${first}${second}`;

const onTest = (table: Table | null, key: string) =>
  (table?.rows ?? []).filter(({ split }) => split === 'test').map((row) => ({ name: cellText(row[key]), row }));

function headline({ manifest }: Run, rewards: Table | null, algorithms: Table | null): Markup | null {
  const cards = [
    ...onTest(rewards, 'reward').map(({ name, row }) => card(`trained on ${name}`, row)),
    ...onTest(algorithms, 'algorithm')
      .filter(({ row }) => row['training_episodes'] === 0)
      .map(({ name, row }) => card(name, row)),
  ].filter((item) => item !== null);
  if (cards.length === 0) return null;
  return markup`
    <p>
      Verifier success on ${isOwnSuiteName(manifest.suite) ? 'your tasks: the share of tasks whose checks are all true at the end' : 'held-out test tasks: the share of tasks whose end state is exactly right'}. Bars show the 95 %
      interval.
    </p>
    <ul class="cards">${cards}</ul>`;
}

const percent = (value: number): string => `${(100 * value).toFixed(1)}%`;

function card(name: string, row: Readonly<Record<string, Cell>>): Markup | null {
  const { verifier_success: success, proper_finish: finish } = row;
  if (!isEstimate(success)) return null;
  const [low, high] = [success.low ?? success.value, success.high ?? success.value];
  const interval = `${formatNumber(low, 'share')} – ${formatNumber(high, 'share')}`;
  const size = `${count(success.tasks, 'task')} × ${count(success.seeds, 'seed')}`;
  return markup`
    <li class="card">
      <div class="name">${name}</div>
      <div class="value">${formatNumber(success.value, 'share')}</div>
      <div class="track" aria-hidden="true">
        <i style="left:${percent(low)};width:${percent(high - low)}"></i>
        <b style="left:${percent(success.value)}"></b>
      </div>
      <div class="detail">
        ${interval}, ${size}
        ${isEstimate(finish) ? markup`<br>proper finish ${formatNumber(finish.value, 'share')}` : null}
      </div>
    </li>`;
}

const select = (name: string, label: string): Markup =>
  markup`<label>${label}<select id="pick-${name}"></select></label>`;

function trajectories(run: Run, { trajectories: chosen, recorded, tooLong }: Sample): Markup | null {
  if (chosen.length === 0 && tooLong === 0) return null;
  return markup`
    <p>
      ${chosen.length} of ${recorded} recorded episodes, as many as fit in this page: one at a time of every job, split,
      task family and outcome, failures first, then a few of each training. They are no fair sample, so count nothing by
      them${tooLong === 0 ? null : `, but for ${tooLong} that would fill it alone`}. All of them stand in <code>trajectories.jsonl</code>. ✓ is verified, ✗ is not.
    </p>
    <div class="picker">
      ${select('job', 'Job')}
      ${select('phase', 'Split')}
      ${select('task', 'Task')}
      <button type="button" id="pick-previous">Previous</button>
      <button type="button" id="pick-next">Next</button>
    </div>
    <div id="trajectory" aria-live="polite"></div>
    <noscript>
      <p class="note">
        Trajectories need JavaScript; the tables above do not. The record is in${' '}
        ${run.manifest.name}/trajectories.jsonl.
      </p>
    </noscript>`;
}
