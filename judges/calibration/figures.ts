import type { AgreementFigures, CurvePoint } from '../../core/calibration-types.ts';
import {
  binOf,
  calibrationCurve,
  calibrationError,
  equalMassEdges,
  errorIfCalibrated,
} from '../../core/statistics/agreement/calibration-curve.ts';
import krippendorffsAlpha from '../../core/statistics/agreement/krippendorff.ts';
import midranks from '../../core/statistics/agreement/midranks.ts';
import { partialCorrelation } from '../../core/statistics/agreement/rank-correlation.ts';
import { areaUnderCurve, brierScore, constantBrier } from '../../core/statistics/agreement/scores.ts';
import * as classes from '../../core/statistics/agreement/two-classes.ts';
import clusteredEstimate, { clusteredEstimates, type Figure } from '../../core/statistics/clustered.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import type { Item } from './match.ts';

const BINS = 10;
const everyOne = () => true;

/** Every figure of agreement of some items, each with an interval over tasks. */
export default function agreementFigures(items: readonly Item[], resamples: number): AgreementFigures {
  const scores = items.map(({ score }) => score);
  const edges = equalMassEdges(scores, BINS);
  const estimates = clusteredEstimates(
    items,
    {
      prevalence: { of: classes.prevalence, among: everyOne },
      accuracy: { of: classes.accuracy, among: everyOne },
      constantAccuracy: { of: classes.constantAccuracy, among: everyOne },
      balancedAccuracy: { of: classes.balancedAccuracy },
      sensitivity: { of: classes.sensitivity, among: (item) => item.truth },
      specificity: { of: classes.specificity, among: (item) => !item.truth },
      kappa: { of: classes.cohensKappa },
      alpha: { of: classes.alphaOfDecisions },
      alphaOfScores: { of: alphaOfScores },
      areaUnderCurve: { of: areaUnderCurve },
      brier: { of: brierScore },
      constantBrier: { of: constantBrier },
      calibrationError: { of: (sample) => calibrationError(sample, edges) },
    } satisfies Record<string, Figure<Item>>,
    { resamples },
  );
  const { sensitivity, specificity, balancedAccuracy } = estimates;
  const withLength = items.flatMap((item) => (item.length === null ? [] : [{ ...item, other: item.length }]));
  const withPosition = items.flatMap((item) =>
    item.votes.flatMap(({ score, position }) => (position === null ? [] : [{ ...item, score, other: position }])),
  );
  return {
    items: items.length,
    tasks: new Set(items.map(({ task }) => task)).size,
    ...estimates,
    balancedAccuracy: balancedAccuracy && halfOfBoth(balancedAccuracy, sensitivity, specificity),
    errorIfCalibrated: errorIfCalibrated(scores, edges),
    lengthBias: biasOf(withLength, resamples),
    positionBias: biasOf(withPosition, resamples),
    notes: notesOf(items),
  };
}

/** The calibration curve; a point's interval is that of its share of what is true. */
export function curveOf(items: readonly Item[], resamples: number): CurvePoint[] {
  const edges = equalMassEdges(
    items.map(({ score }) => score),
    BINS,
  );
  return [...Map.groupBy(items, ({ score }) => binOf(score, edges))]
    .sort(([a], [b]) => a - b)
    .flatMap(([, ofBin]) => {
      const [bin] = calibrationCurve(ofBin, []);
      const share = clusteredEstimate(ofBin, classes.prevalence, { isShare: true, resamples });
      return bin && share ? [{ count: bin.count, meanScore: bin.meanScore, share }] : [];
    });
}

const alphaOfScores = (items: readonly Item[]): number | null =>
  krippendorffsAlpha(
    items.map(({ truthScore, score }) => [truthScore, score]),
    'interval',
  );

/**
 * Where sensitivity or specificity is 0 or 1 no resample moves it, and the interval of their mean would forget it: then
 * from both intervals (MOVER, Zou and Donner 2008, doi:10.1002/sim.3095), as if they were independent.
 */
function halfOfBoth(mean: Estimate, ...sides: readonly (Estimate | null)[]): Estimate {
  if (!sides.some((side) => side?.method === 'Wilson')) return mean;
  const reach = (end: 'low' | 'high') => {
    const distances = sides.map((side) => (side === null ? 0 : (side[end] ?? Number.NaN) - side.value));
    return Math.hypot(...distances) / 2;
  };
  const [low, high] = [mean.value - reach('low'), mean.value + reach('high')];
  if (Number.isNaN(low + high)) return { ...mean, low: null, high: null, method: 'too few tasks' };
  return { ...mean, low: Math.max(0, low), high: Math.min(1, high), method: 'Wilson' };
}

/** Ranked once, so that resamples need no sorting. */
function biasOf(items: readonly (Item & { readonly other: number })[], resamples: number): Estimate | null {
  const [scores, others] = [midranks(items.map(({ score }) => score)), midranks(items.map(({ other }) => other))];
  const ranked = items.map(({ task, truthScore }, index) => ({
    task,
    truth: truthScore,
    score: scores[index] as number,
    other: others[index] as number,
  }));
  return clusteredEstimate(
    ranked,
    (sample) =>
      partialCorrelation(
        sample.map(({ score }) => score),
        sample.map(({ other }) => other),
        sample.map(({ truth }) => truth),
      ),
    { resamples },
  );
}

/** Why figures are missing, or mean little. */
function notesOf(items: readonly Item[]): string[] {
  if (items.length === 0) return ['No label has a usable answer: there is nothing to measure.'];
  const [truths, answers] = [items.map(({ truth }) => truth), items.map(({ said }) => said)];
  const notes: string[] = [];
  if (new Set(truths).size === 1)
    notes.push(
      `Every label says ${word(truths[0])}: ${truths[0] ? 'specificity' : 'sensitivity'}, balanced accuracy and AUC are undefined.`,
    );
  if (new Set(answers).size === 1) notes.push(`The judge says ${word(answers[0])} to everything.`);
  if (new Set(items.map(({ task }) => task)).size === 1)
    notes.push('All items are of one task: there are no intervals.');
  return notes;
}

const word = (is: boolean | undefined): string => (is ? 'yes' : 'no');
