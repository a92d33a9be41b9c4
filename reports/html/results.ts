import type { Run } from '../../core/record/read-run.ts';
import { isOwnSuiteName } from '../../core/task-id.ts';
import { armOf } from '../arms/arm-of-row.ts';
import { isTrained } from '../arms/arms.ts';
import type { NamedArms } from '../arms/named-arms.ts';
import { fewestSeeds } from '../../core/statistics/seeds.ts';
import type { Headline } from '../headline/headline.ts';
import { markup, type Markup } from '../markup.ts';
import type { Table } from '../tables/table.ts';
import { contextFigure, learningFigure, proxyFigures } from './chart-figures.ts';
import { forestFigures } from './forests.ts';
import { growthFigures } from './growth-charts.ts';
import judgeHtml from './judge.ts';
import type { PageData } from './page-data.ts';
import { folded, titled, type Section } from './section.ts';
import tableHtml, { armHtml, count, withCode } from './table.ts';
import trajectories from './trajectories.ts';

export interface ResultMaterial {
  readonly run: Run;
  readonly tables: readonly Table[];
  readonly data: Pick<PageData, 'charts' | 'sample'>;
  readonly headline: Headline | null;
  readonly arms: NamedArms;
}

/** Headline, a comparison of policies, the three tables with their charts, families and trajectories, in reading order; of own tasks the tools come right after the headline. */
export default function resultSections({ run, tables, data, headline, arms }: ResultMaterial): Section[] {
  const { charts, sample } = data;
  const html = (name: string) => {
    const found = tables.find((candidate) => candidate.name === name);
    return found ? tableHtml(found, { armOf: (row, key) => armOf(arms, name, row, key) }) : null;
  };
  const differences = (name: string) =>
    together(
      forestFigures(charts.forests, name),
      charts.forests.some(({ part }) => part === name) ? differenceNote(arms) : null,
      charts.forests.some(({ part }) => part === name) ? folded('The numbers', html(name)) : html(name),
    );
  const { jobs, suite, rejudged, rewardJudges = [] } = run.manifest;
  const isLearnt = jobs.some(({ training }) => training !== null);
  // Whom a judge rewarded, or whose verdicts it gave anew, is asked how far it can be trusted; nobody else.
  const isJudged = isLearnt || rejudged !== undefined || rewardJudges.length > 0;
  const tools: Section = {
    id: 'tools',
    title: 'Tools',
    html: together(
      isOwnSuiteName(suite) ? html('tools') : folded('What policies did with each tool', html('tools')),
      titled(
        'What changed by tool',
        together(forestFigures(charts.forests, 'tool-differences'), html('tool-differences')),
      ),
    ),
  };
  // Whoever brings tasks and servers of their own wants to know of these first.
  const ofOwn = (section: Section) => (isOwnSuiteName(suite) ? [section] : []);
  const ofHouse = (section: Section) => (isOwnSuiteName(suite) ? [] : [section]);
  return [
    { id: 'headline', title: 'Headline', html: headline && headlineHtml(run, headline, charts.forests) },
    ...ofOwn(tools),
    { id: 'arms', title: 'Arms', html: armList(arms) },
    {
      id: 'growth',
      title: 'Growth with the number of tools',
      html: together(
        growthFigures(charts.growth),
        html('growth'),
        titled('Change per tenfold of tools', html('growth-slopes')),
      ),
    },
    { id: 'view-comparison', title: 'Views side by side', html: html('view-comparison') },
    {
      id: 'comparison',
      title: 'Policies side by side',
      html: together(html('comparison'), titled('Policies against each other', differences('policy-differences'))),
    },
    { id: 'trainings', title: 'Trainings', html: html('trainings') },
    { id: 'trials', title: 'Trials of settings', html: html('trials') },
    {
      id: 'rewards',
      title: 'Rewards',
      html: together(html('rewards'), titled('Rewards against each other', differences('differences'))),
    },
    ...(isJudged ? [{ id: 'judge', title: 'Judge', html: together(judgeHtml(run.manifest), html('judges')) }] : []),
    { id: 'learning', title: 'Learning', html: together(learningFigure(charts.learning), html('learning')) },
    { id: 'proxies', title: 'Reward and truth', html: proxyFigures(charts.proxies) },
    {
      id: 'views',
      title: 'Views',
      html: together(
        contextFigure(charts.context),
        html('views'),
        titled('Views against each other', differences('view-differences')),
      ),
    },
    {
      id: 'algorithms',
      title: isLearnt ? 'Algorithms' : 'Policies',
      html: together(html('algorithms'), titled('Algorithms against each other', differences('algorithm-differences'))),
    },
    { id: 'families', title: 'Families', html: folded('Success by task family', html('families')) },
    ...ofHouse(tools),
    { id: 'trajectories', title: 'Trajectories', html: trajectories(run, sample) },
  ];
}

function differenceNote({ all }: NamedArms): Markup {
  const trainings = all.filter(isTrained).map(({ jobs }) => new Set(jobs.map(({ seed }) => seed)).size);
  const seeds = Math.min(...trainings);
  const caveat =
    seeds < fewestSeeds
      ? markup` <strong>With ${count(seeds, 'seed')} of a training, these differences hold for these training runs only</strong>:
          whether they hold for further trainings needs at least ${fewestSeeds} seeds.`
      : null;
  return markup`
    <p>
      Verifier success of the first arm less that of the second, on the same tasks and seeds. Above 0 the first is better.
      Where the line of an interval crosses 0, or ends at it, there is no significant difference; where a split has several comparisons,
      the intervals are adjusted for them.${caveat}
    </p>`;
}

/** One after another; nothing where each is nothing. */
function together(...parts: readonly (Markup | null)[]): Markup | null {
  const there = parts.filter((part) => part !== null);
  return there.length === 0 ? null : markup`${there}`;
}

/** What the page calls each arm, and its colour; nothing where there is but one. */
function armList({ all }: NamedArms): Markup | null {
  if (all.length < 2) return null;
  const items = all.map((arm) => {
    const labels = new Set(arm.jobs.flatMap(({ rows }) => Object.values(rows)));
    const others = [...labels].filter((label) => label !== arm.name);
    const inFiles =
      others.length === 0
        ? null
        : markup` <small>in the tables’ files: ${others.map((label) => `“${label}”`).join(', ')}</small>`;
    return markup`<li>${armHtml(arm)}${inFiles}</li>`;
  });
  return markup`
    <p>
      An arm is one configuration: a policy that is only played, or a training with one or several seeds. It has this name
      and colour throughout the page.
    </p>
    <ul class="arms">${items}</ul>`;
}

function headlineHtml({ manifest }: Run, headline: Headline, forests: PageData['charts']['forests']): Markup {
  const { question, answer, decision, remedy, aside, tokens } = headline;
  const meaning = isOwnSuiteName(manifest.suite)
    ? 'the share of your tasks whose checks are all true at the end'
    : 'the share of tasks whose end state is exactly right';
  return markup`
    <p class="question">${question}</p>
    <p class="answer">${answer}</p>
    <p>${decision}${remedy === null ? null : markup` ${withCode(remedy)}`}</p>
    ${tokens.map((sentence) => markup`<p>${sentence}</p>`)}
    ${forestFigures(forests, 'headline')}
    <p class="about">Verifier success: ${meaning}. Lines show 95 % intervals.${aside === null ? null : ` ${aside}`}</p>`;
}
