import type { AgreementFigures, Calibration } from '../../core/calibration-types.ts';
import { formatNumber, type Cell, type Column, type Table } from './table.ts';

const agreement: readonly Column[] = [
  { key: 'items', title: 'Labels', kind: 'count' },
  { key: 'tasks', title: 'Tasks', kind: 'count' },
  { key: 'balanced_accuracy', title: 'Balanced accuracy', kind: 'share' },
  { key: 'sensitivity', title: 'Sensitivity', kind: 'share' },
  { key: 'specificity', title: 'Specificity', kind: 'share' },
  { key: 'prevalence', title: 'Prevalence', kind: 'share' },
  { key: 'accuracy', title: 'Accuracy', kind: 'share' },
  { key: 'constant_accuracy', title: 'Constant answer', kind: 'share' },
  { key: 'kappa', title: 'Cohen’s κ', kind: 'share' },
  { key: 'alpha', title: 'α', kind: 'share' },
  { key: 'alpha_of_scores', title: 'α of scores', kind: 'share' },
  { key: 'area_under_curve', title: 'AUC', kind: 'share' },
  { key: 'brier', title: 'Brier', kind: 'share' },
  { key: 'constant_brier', title: 'Brier of a constant', kind: 'share' },
  { key: 'calibration_error', title: 'ECE', kind: 'share' },
  { key: 'error_if_calibrated', title: 'ECE if calibrated', kind: 'text' },
  { key: 'length_bias', title: 'Length bias', kind: 'share' },
  { key: 'position_bias', title: 'Position bias', kind: 'share' },
];

const judge: Column = { key: 'judge', title: 'Judge', kind: 'text' };
const notes: Column = { key: 'notes', title: 'Notes', kind: 'text' };

/** How judges agree with labels: as a whole, by part, in groups, and shares corrected for their errors. */
export const calibrationTables = (calibrations: readonly Calibration[]): Table[] => [
  judgesTable(calibrations),
  partsTable(calibrations),
  groupsTable(calibrations),
  correctedTable(calibrations),
];

function judgesTable(calibrations: readonly Calibration[]): Table {
  return {
    name: 'calibration',
    title: 'Judges against labels',
    about:
      'One row per judge. A yes is a score of at least the threshold. The constant answer always says what is more often ' +
      'true; its balanced accuracy is .5, and a judge whose interval holds .5 is not shown to be better. Answers that are ' +
      'no usable score are counted and in no figure. Self-consistency: share of pairs of repeated answers that agree. ' +
      'ECE is biased upwards: beside it stand the mean and 95 % quantile that a perfectly calibrated judge with the same ' +
      'scores would show; its interval shares the bias. Biases are partial rank correlations at equal truth. Intervals: 95 %, bootstrap over tasks.',
    columns: [
      judge,
      { key: 'build', title: 'Build', kind: 'text' },
      ...agreement,
      { key: 'verdicts', title: 'Answers', kind: 'count' },
      { key: 'unusable', title: 'Unusable', kind: 'text' },
      { key: 'unanswered', title: 'Labels unanswered', kind: 'text' },
      { key: 'open', title: 'Open slots', kind: 'count' },
      { key: 'self_consistency', title: 'Self-consistency', kind: 'share' },
      { key: 'position_flips', title: 'Flips by position', kind: 'share' },
      { key: 'raters_alpha', title: 'α of raters', kind: 'share' },
      notes,
    ],
    rows: calibrations.map(({ stamp, overall, counts, votes, raters }) => ({
      judge: stamp.name,
      build: stamp.build,
      ...agreementCells(overall),
      verdicts: counts.verdicts,
      unusable: listed({
        refused: counts.refused,
        unparseable: counts.unparseable,
        failed: counts.failed,
        invalid: counts.invalid,
        unscored: counts.unscored,
      }),
      unanswered: listed({ 'not asked': counts.unjudged, withheld: counts.withheld, disputed: counts.disputed }),
      open: counts.open ?? 0,
      self_consistency: votes.selfConsistency,
      position_flips: votes.positionFlips,
      raters_alpha: raters.alpha,
      notes: overall.notes.join(' '),
    })),
  };
}

function partsTable(calibrations: readonly Calibration[]): Table {
  return {
    name: 'calibration-parts',
    title: 'Judges by criterion and tag',
    about:
      'The same figures for the labels of each criterion, and for those with each tag. Intervals: 95 %, over tasks.',
    columns: [judge, { key: 'part', title: 'Criterion or tag', kind: 'text' }, ...agreement, notes],
    rows: calibrations.flatMap(({ stamp, byCriterion, byTag }) =>
      [...Object.entries(byCriterion), ...Object.entries(byTag)].map(([part, figures]) => ({
        judge: stamp.name,
        part,
        ...agreementCells(figures),
        notes: figures.notes.join(' '),
      })),
    ),
  };
}

function groupsTable(calibrations: readonly Calibration[]): Table {
  return {
    name: 'calibration-groups',
    title: 'Judges within groups',
    about:
      'What a group-relative learner would be told. Rank correlations of judged and true rewards within groups whose true ' +
      'rewards differ. At each group size: the share of true advantages whose sign the judge turns (flipped) or levels to 0 ' +
      '(lost), and of members of truly level groups to which it gives an advantage (invented). Intervals: 95 %, over tasks.',
    columns: [
      judge,
      { key: 'size', title: 'Group size', kind: 'count' },
      { key: 'groups', title: 'Groups', kind: 'count' },
      { key: 'spearman', title: 'Spearman', kind: 'share' },
      { key: 'kendall', title: 'Kendall τ-b', kind: 'share' },
      { key: 'flipped', title: 'Flipped', kind: 'share' },
      { key: 'lost', title: 'Lost', kind: 'share' },
      { key: 'invented', title: 'Invented', kind: 'share' },
    ],
    rows: calibrations.flatMap(({ stamp, groups: { spearman, kendall, flips } }) =>
      flips
        .filter(({ groups }) => groups > 0)
        .map(({ size, groups, flipped, lost, invented }) => ({
          judge: stamp.name,
          size,
          groups,
          spearman,
          kendall,
          flipped,
          lost,
          invented,
        })),
    ),
  };
}

function correctedTable(calibrations: readonly Calibration[]): Table {
  return {
    name: 'calibration-corrected',
    title: 'Shares corrected for the judge’s errors',
    about:
      'Share of yes over answers without a label. Rogan–Gladen: corrected by sensitivity and specificity, which must be ' +
      'the same here as on the labels. Prediction-powered: corrected by human labels, which must be a random sample of ' +
      'what was judged. Intervals: 95 %, clustered by task.',
    columns: [
      judge,
      { key: 'criterion', title: 'Criterion', kind: 'text' },
      { key: 'judged', title: 'Judged', kind: 'count' },
      { key: 'labelled', title: 'Labelled', kind: 'count' },
      { key: 'said', title: 'Judge says yes', kind: 'share' },
      { key: 'rogan_gladen', title: 'Rogan–Gladen', kind: 'share' },
      { key: 'prediction_powered', title: 'Prediction-powered', kind: 'share' },
      notes,
    ],
    rows: calibrations.flatMap(({ stamp, corrected }) =>
      corrected.map((rate) => ({
        judge: stamp.name,
        criterion: rate.criterion,
        judged: rate.judged,
        labelled: rate.labelled,
        said: rate.said,
        rogan_gladen: rate.roganGladen,
        prediction_powered: rate.predictionPowered,
        notes: rate.notes.join(' '),
      })),
    ),
  };
}

function agreementCells(figures: AgreementFigures): Record<string, Cell> {
  const { errorIfCalibrated: none } = figures;
  return {
    items: figures.items,
    tasks: figures.tasks,
    balanced_accuracy: figures.balancedAccuracy,
    sensitivity: figures.sensitivity,
    specificity: figures.specificity,
    prevalence: figures.prevalence,
    accuracy: figures.accuracy,
    constant_accuracy: figures.constantAccuracy,
    kappa: figures.kappa,
    alpha: figures.alpha,
    alpha_of_scores: figures.alphaOfScores,
    area_under_curve: figures.areaUnderCurve,
    brier: figures.brier,
    constant_brier: figures.constantBrier,
    calibration_error: figures.calibrationError,
    error_if_calibrated: none && `${formatNumber(none.mean, 'share')}, 95 % below ${formatNumber(none.upper, 'share')}`,
    length_bias: figures.lengthBias,
    position_bias: figures.positionBias,
  };
}

/** Counts above 0 in words, `none` where there are none. */
function listed(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.map(([name, count]) => `${name} ${count}`).join(', ') || 'none';
}
