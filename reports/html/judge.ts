import stampText from '../../core/record/calibration-stamp.ts';
import type { Fitness } from '../../core/calibration-types.ts';
import type { RubricKind } from '../../core/rubric-kinds.ts';
import type { JudgeInUse, Manifest, TrainingJudge } from '../../core/run-types.ts';
import { markup, type Markup } from '../markup.ts';
import tableHtml from './table.ts';

/**
 * Who judged the run anew or rewarded its policies, how far those judges may be trusted, and which criteria were refused;
 * `null` where code alone did.
 */
export default function judgeHtml({ rejudged, rewardJudges = [] }: Manifest): Markup | null {
  if (!rejudged && rewardJudges.length === 0) return null;
  const anew =
    rejudged &&
    markup`
      <p>
        Verdicts and rubric rewards are those of the judge ${judgeName(rejudged)} on the episodes of the run${' '}
        ${rejudged.run}, by ${rubricsText(rejudged.rubric)}, formula ${rejudged.formula}. Verifier success and the other
        rewards are the earlier run’s.
      </p>
      ${trustHtml(rejudged)}`;
  const rewarding = rewardJudges.map(
    (judge) => markup`
      <p>
        The judge ${judgeName(judge)}, asked for as <code>${judge.asked.name}</code>, rewarded policies by${' '}
        ${rubricsText(judge.rubric)}; verifier success, verdicts and the rewards in columns of their own are by code.${' '}
        ${unfitTexts[judge.asked.unfit]}
      </p>
      ${trustHtml(judge)}`,
  );
  return markup`${anew ?? null}${rewarding}`;
}

/** What became of criteria on which the judge was found not good enough. */
const unfitTexts: Readonly<Record<TrainingJudge['unfit'], string>> = {
  refuse: 'A criterion on which it agreed too little with the labels would have stopped the training.',
  'down-weight': 'Criteria on which it agreed too little with the labels count less, or not at all.',
  accept: 'Its criteria were taken as they are, however well it agreed with labels.',
};

const kinds: Readonly<Record<RubricKind, string>> = {
  task: 'the criteria that the task file states',
  plan: 'the rubrics that are made of the reference plans',
  'end-state': 'criteria of the end states, made of goal and start alone',
  generic: 'one holistic score',
};

function rubricsText(rubric: JudgeInUse['rubric']): string {
  if (typeof rubric === 'string') return kinds[rubric];
  const { file, hash, by, without } = rubric;
  const writers = by.length === 0 ? '' : ` written by ${by.join(', ')}`;
  const missing = Object.entries(without).map(([cause, count]) => `${count} ${cause}`);
  const unasked =
    missing.length === 0 ? '' : `; tasks without one, whose episodes have no rubric reward: ${missing.join(', ')}`;
  return `the rubrics of ${file} (${hash.slice(0, 8)}${writers}${unasked})`;
}

const judgeName = ({ judge }: JudgeInUse): Markup => markup`<b>${judge.name}</b> (${judge.build})`;

function trustHtml({ judge, calibration, fitness }: JudgeInUse): Markup {
  const trust = calibration
    ? markup`
        <p>
          Against labels: ${stampText(calibration)}. That holds for criteria like those of the labels; on criteria that
          somebody else writes a judge may be no better than chance, until it is measured on them
          (<code>toolstone calibrate</code>). It does not say how well a policy does that is trained on this judge: a training
          searches for what the judge gets wrong, in episodes unlike those of the labels, and with few seeds one training may
          fail by chance. Compare the seeds in the table of rewards, and the reward with verifier success (the proxy–truth gap).
        </p>`
    : judge.name.startsWith('noisy:')
      ? markup`<p>Its errors are planted, hence known.</p>`
      : markup`
          <p class="note">
            Nobody has compared this judge with labels (<code>toolstone calibrate</code>): its rewards may mean nothing.
          </p>`;
  return markup`${trust}${fitnessHtml(fitness)}`;
}

function fitnessHtml(fitness: Fitness | null): Markup | null {
  if (!fitness) return null;
  return tableHtml({
    name: 'fitness',
    title: 'Fitness of the criteria',
    about: `How far the judge is trusted with each criterion, by its agreement with the labels (thresholds “${fitness.thresholds}”): the criterion’s weight is multiplied by the factor, and 0 leaves it out.`,
    columns: [
      { key: 'criterion', title: 'Criterion', kind: 'text' },
      { key: 'factor', title: 'Factor', kind: 'share' },
      { key: 'why', title: 'Why', kind: 'text' },
    ],
    rows: Object.entries(fitness.criteria).map(([criterion, { factor, why }]) => ({ criterion, factor, why })),
  });
}
