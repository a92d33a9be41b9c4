import type { Manifest } from '../../core/run-types.ts';
import { fewestSeeds } from '../../core/statistics/seeds.ts';
import { nameIn } from '../../core/settings.ts';
import type { Criterion } from '../../core/reward-types.ts';
import type { Run } from '../../core/record/read-run.ts';
import { isOwnSuiteName } from '../../core/task-id.ts';
import generalCriteria from './criteria.ts';
import { markup, type Markup } from '../markup.ts';
import runFacts from './run-facts.ts';
import type { Section } from './section.ts';
import tableHtml from './table.ts';

/** What the numbers mean, how they were made, and what was run. */
export default function methodSections(run: Run): Section[] {
  return [
    { id: 'formulas', title: 'Formulas', html: formulas(run.manifest) },
    { id: 'intervals', title: 'Intervals', html: intervals(run.manifest) },
    { id: 'limits', title: 'What this shows', html: scope(run) },
    { id: 'run', title: 'The run', html: runFacts(run.manifest, run.chain) },
  ];
}

function formulas(manifest: Manifest): Markup {
  const isOwn = isOwnSuiteName(manifest.suite);
  const isRewarded = manifest.rejudged !== undefined || manifest.jobs.some(({ training }) => training !== null);
  const table = tableHtml(
    {
      name: 'criteria',
      title: 'Criteria',
      about: `The criteria and their weights, 1 to 10. One whose weight differs between ${isOwn ? 'tasks' : 'families'} stands once for each weight.`,
      columns: [
        { key: 'criterion', title: 'Criterion', kind: 'text' },
        { key: 'category', title: 'Category', kind: 'text' },
        { key: 'weight', title: 'Weight', kind: 'count' },
        { key: 'description', title: 'What it asks', kind: 'text' },
        { key: 'families', title: isOwn ? 'Tasks' : 'Families', kind: 'text' },
      ],
      rows: mergedCriteria(generalCriteria(manifest)),
    },
    { file: 'manifest.json' },
  );
  return markup`
    <dl class="facts">
      <dt>verifier success</dt>
      <dd>
        1 where ${isOwn ? 'every check of the task is true at the end' : 'the end state of the world equals the expected one, fact by fact'}; else 0. The truth, never a reward’s
        opinion.
      </dd>
      <dt>proper finish</dt>
      <dd>verifier success that the policy ended itself by <code>finish</code>.</dd>
      ${isRewarded ? rewardFormulas(manifest, isOwn) : null}
    </dl>
    <p>
      An unscored verdict leaves the rubric and is counted in its own column; it is never 0. A void episode (world,
      endpoint or judge broke) is in no mean and counted too.
    </p>
    ${table}`;
}

const rewardFormulas = ({ rubricFormula }: Manifest, isOwn: boolean): Markup => markup`
  <dt>sparse</dt>
  <dd>the reward that is verifier success.</dd>
  <dt>state-share</dt>
  <dd>the share of the ${isOwn ? 'checks that are true' : 'end state that is right'}: one number, no criteria.</dd>
  <dt>rubric</dt>
  <dd><code>${rubricFormula}</code></dd>`;

function mergedCriteria(rubrics: Readonly<Record<string, readonly Criterion[]>>) {
  const merged = new Map<string, { criterion: Criterion; families: string[] }>();
  for (const [family, criteria] of Object.entries(rubrics)) {
    for (const criterion of criteria) {
      const key = JSON.stringify([criterion.id, criterion.weight]);
      const entry = merged.get(key);
      if (entry) entry.families.push(family);
      else merged.set(key, { criterion, families: [family] });
    }
  }
  const total = Object.keys(rubrics).length;
  return [...merged.values()].map(({ criterion: { id, category, weight, description }, families }) => ({
    criterion: id,
    category,
    weight,
    description,
    families: families.length === total ? 'all' : families.length > mostNamed ? named(families) : families.join(', '),
  }));
}

/** Of own tasks there may be hundreds. */
const mostNamed = 60;
const named = (all: readonly string[]): string =>
  `${all.slice(0, mostNamed).join(', ')} and ${all.length - mostNamed} more`;

/** How the intervals of this run were made: what it has no training or comparison for is left out. */
function intervals({ jobs }: Manifest): Markup {
  const isLearnt = jobs.some(({ training }) => training !== null);
  return markup`
    <p>
      The unit is the task: repeats and seeds of a task are averaged first, and the mean is over tasks. Intervals are of
      95 %.
    </p>
    <ul>
      <li>
        <b>Bootstrap over tasks</b> (one seed) or <b>over tasks and seeds</b> (several): 2,000 resamples, tasks and seeds
        drawn independently with replacement, percentile ends. Tasks that share a phrasing tend to succeed or fail together, so
        all tasks of a phrasing are drawn as one: <b>over phrasings</b>.${isLearnt ? ofTrainings : null}
      </li>
      <li>
        <b>Wilson</b>: where every task gave the same 0 or 1 a bootstrap has no width; then Wilson’s interval with n =
        tasks, or phrasings. It counts all that a task holds as one, so it may be wider than that of a share just above 0;
        0.00 [0.00, 0.00] is such a share, rounded.
      </li>
      <li>
        <b>No spread</b>: every task gave the same value, and it is neither 0 nor 1; the interval is that value alone.
      </li>
      ${isLearnt ? interquartileMeans : null}
      ${jobs.length > 1 ? comparisons : null}
      <li>
        Resampling is seeded from the size of the sample, so equal data give equal intervals. Hold the pointer over a
        figure for its n and its method.
      </li>
    </ul>`;
}

const ofTrainings =
  ' With seeds it speaks of new tasks and of new trainings; of few seeds the spread between trainings is poorly known, so the ' +
  'value of each seed is shown beside it.';
const interquartileMeans = markup`
  <li>
    <b>IQM</b>, the interquartile mean: the score of every seed on every family, the lowest and the highest quarter of them
    left out (Agarwal et al. 2021). Its interval is Student’s t with the jackknife over seeds, and speaks of new trainings
    on the same tasks. With fewer than ${fewestSeeds} seeds there is none, because it would be unreliable.
  </li>`;
const comparisons = markup`
  <li>
    <b>Differences</b> are taken within the same task and seed first. Their interval is Student’s t, clustered by phrasing
    and by seed; with fewer than ${fewestSeeds} seeds by phrasing alone, so that it holds for these training runs only. Intervals of
    several comparisons are widened (Bonferroni) so that they hold together.
  </li>
  <li>
    <b>What would decide it</b>: the size at which a difference as large as the one seen would be detected with 80 % power,
    by the width of its interval; rough, since what was seen may be larger than the truth.
  </li>`;

const familyScope = ({ suite }: Manifest): string =>
  `The figures speak of new tasks from the families of suite ${suite} on these servers. Families themselves are few and made ` +
  'by hand: nothing here says how a new kind of task would go.';
const ownScope =
  'The figures speak of tasks such as those of this file, as far as they were drawn from them at random; where they were not, of these alone.';
const stateTruth =
  'Truth here is the end state. A right end state reached by luck counts; a right answer in words without the state does not.';
const ownTruth =
  'Truth here is what the checks of each task look at, and nothing else: what they pass by luck counts, what they do not look at does not.';

function scope({ manifest }: Run): Markup {
  const isOwn = isOwnSuiteName(manifest.suite);
  return markup`
    <ul>
      <li>${isOwn ? ownScope : familyScope(manifest)}</li>
      <li>${learningScope(manifest)}</li>
      ${manifest.jobs.some(({ policy }) => nameIn(policy).startsWith('pointer')) ? embeddedScope : null}
      <li>${isOwn ? ownTruth : stateTruth}</li>
    </ul>`;
}

const embeddedScope = markup`
  <li>
    The embedded policy is a small network made to compare rewards and algorithms, not a language model; its level does not
    predict a model’s.
  </li>`;

function learningScope({ jobs }: Manifest): string | Markup {
  const trained = jobs.filter(({ training }) => training !== null);
  const seeds = new Set(trained.map(({ seed }) => seed)).size;
  if (trained.length === 0) return 'Nothing was trained here, so nothing is said about learning.';
  if (seeds >= fewestSeeds) {
    return `${seeds} seeds per training allow a comparison of rewards and algorithms within their intervals.`;
  }
  return markup`
    ${seeds === 1 ? 'One seed' : `${seeds} seeds`} per training show that something can be learnt, but not how
    reliably: what is said of them above holds for these trainings only. To compare rewards or algorithms in general, train
    with at least ${fewestSeeds} seeds (<code>--seeds ${fewestSeeds}</code>), and see whether the table of differences tells them apart.`;
}
