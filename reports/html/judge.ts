import stampText from '../../core/record/calibration-stamp.ts';
import type { Fitness } from '../../core/calibration-types.ts';
import type { JudgeInUse, Manifest } from '../../core/run-types.ts';
import { escapeHtml, tableHtml } from './markup.ts';

function rubricsHtml(rubric: JudgeInUse['rubric']): string {
  if (rubric === 'own') return 'the rubrics of the tasks';
  if (rubric === 'generic') return 'one holistic score';
  const { file, hash, by, without } = rubric;
  const writers = by.length === 0 ? '' : ` written by ${by.map(escapeHtml).join(', ')}`;
  const missing = Object.entries(without).map(([cause, count]) => `${count} ${cause}`);
  const unasked =
    missing.length === 0 ? '' : `; tasks without one, whose episodes have no rubric reward: ${missing.join(', ')}`;
  return `the rubrics of ${escapeHtml(file)} (${hash.slice(0, 8)}${writers}${unasked})`;
}

/**
 * Who judged the run anew or rewarded its policies, how far those judges may be trusted, and which criteria were refused; ''
 * where code alone did.
 */
export default function judgeHtml({ rejudged, rewardJudges = [] }: Manifest): string {
  const anew = rejudged
    ? `<p>Verdicts and rubric rewards are those of the judge ${judgeName(rejudged)} on the episodes of the run ` +
      `${escapeHtml(rejudged.run)}, by ${rubricsHtml(rejudged.rubric)}, formula ${rejudged.formula}. Verifier success and the ` +
      `other rewards are the earlier run’s.</p>${trustHtml(rejudged)}`
    : '';
  const rewarding = rewardJudges.map(
    (one) =>
      `<p>The judge ${judgeName(one)}, asked for as <code>${escapeHtml(one.asked.name)}</code>, rewarded policies by ` +
      `${rubricsHtml(one.rubric)}; verifier success, verdicts and the rewards in columns of their own are by code. Unfit ` +
      `criteria: ${one.asked.unfit}.</p>${trustHtml(one)}`,
  );
  return anew + rewarding.join('');
}

const judgeName = ({ judge }: JudgeInUse): string => `<b>${escapeHtml(judge.name)}</b> (${escapeHtml(judge.build)})`;

function trustHtml({ judge, calibration, fitness }: JudgeInUse): string {
  if (calibration) return `<p>Against labels: ${escapeHtml(stampText(calibration))}.</p>${fitnessHtml(fitness)}`;
  if (judge.name.startsWith('noisy:')) return `<p>Its errors are planted, hence known.</p>${fitnessHtml(fitness)}`;
  const warning =
    '<p class="note">Nobody has compared this judge with labels (<code>toolstone calibrate</code>): its rewards may mean nothing.</p>';
  return warning + fitnessHtml(fitness);
}

function fitnessHtml(fitness: Fitness | null): string {
  if (!fitness) return '';
  return tableHtml({
    name: 'fitness',
    title: 'Fitness of the criteria',
    about: `Weights are multiplied by the factor, by the thresholds “${fitness.thresholds}”; 0 refuses a criterion.`,
    columns: [
      { key: 'criterion', title: 'Criterion', kind: 'text' },
      { key: 'factor', title: 'Factor', kind: 'share' },
      { key: 'why', title: 'Why', kind: 'text' },
    ],
    rows: Object.entries(fitness.criteria).map(([criterion, { factor, why }]) => ({ criterion, factor, why })),
  });
}
