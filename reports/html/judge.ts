import stampText from '../../core/calibration-stamp.ts';
import type { Rejudged } from '../../core/run-types.ts';
import { escapeHtml, tableHtml } from './markup.ts';

/** Who judged the run anew, how far that judge may be trusted, and which criteria were refused; '' for none. */
export default function judgeHtml(rejudged: Rejudged | undefined): string {
  if (!rejudged) return '';
  const { judge, run, rubric, formula, calibration, fitness } = rejudged;
  const said = calibration
    ? `<p>Against labels: ${escapeHtml(stampText(calibration))}.</p>`
    : '<p class="note">Nobody has compared this judge with labels (<code>toolstone calibrate</code>): its rewards may mean nothing.</p>';
  const text =
    `<p>Verdicts and rubric rewards are those of the judge <b>${escapeHtml(judge.name)}</b> (${escapeHtml(judge.build)}) on the ` +
    `episodes of the run ${escapeHtml(run)}, by ${rubric === 'own' ? 'the rubrics of the tasks' : 'one holistic score'}, formula ` +
    `${formula}. Verifier success and the other rewards are the earlier run’s.</p>` +
    said;
  if (!fitness) return text;
  const table = tableHtml({
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
  return text + table;
}
