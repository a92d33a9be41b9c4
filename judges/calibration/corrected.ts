import type { CorrectedRate } from '../../core/calibration-types.ts';
import type { CorrectedShare } from '../../core/statistics/agreement/corrected-share.ts';
import predictionPowered from '../../core/statistics/agreement/prediction-powered.ts';
import roganGladen from '../../core/statistics/agreement/rogan-gladen.ts';
import { balancedAccuracy } from '../../core/statistics/agreement/two-classes.ts';
import clusteredEstimate from '../../core/statistics/clustered.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import type { Item, Judged } from './match.ts';

/**
 * Per criterion the share of yes over judged things without a label, and that share corrected for what the labels show of
 * the judge's errors. Rogan and Gladen's takes the judge to err on these as on the labelled ones; prediction-powered
 * inference takes the human labels to be a random sample of the same things.
 */
export default function correctedRates(
  items: readonly Item[],
  unlabelled: readonly Judged[],
  threshold: number,
  resamples: number,
): CorrectedRate[] {
  const labelledBy = Map.groupBy(items, ({ criterion }) => criterion);
  return [...Map.groupBy(unlabelled, ({ criterion }) => criterion)]
    .filter(([criterion]) => labelledBy.has(criterion))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([criterion, ofCriterion]) => {
      const judged = ofCriterion.map(({ task, votes }) => {
        const score = votes.reduce((sum, vote) => sum + vote.score, 0) / votes.length;
        return { task, score, said: score >= threshold };
      });
      return rateOf(criterion, judged, labelledBy.get(criterion) ?? [], resamples);
    });
}

function rateOf(
  criterion: string,
  judged: readonly { readonly task: string; readonly score: number; readonly said: boolean }[],
  labelled: readonly Item[],
  resamples: number,
): CorrectedRate {
  const human = labelled
    .filter(({ isHuman }) => isHuman)
    .map(({ task, truth, score }) => ({ task, score, truth: Number(truth) }));
  const asEstimate = (share: CorrectedShare | null, method: Estimate['method'], tasks: number): Estimate | null =>
    share && {
      value: share.value,
      low: share.low,
      high: share.high,
      tasks,
      seeds: 1,
      episodes: judged.length,
      method,
    };
  const tasks = new Set(judged.map(({ task }) => task)).size;
  const byErrors = roganGladen(judged, labelled);
  const bySample = predictionPowered(judged, human);
  const accuracy = balancedAccuracy(labelled);
  const notes: string[] = [];
  if (accuracy === null) notes.push('All labels are of one class: the errors on the other are unknown.');
  else if (accuracy <= 0.5) notes.push('The judge is no better than a coin: its errors cannot be taken out.');
  else if (!byErrors) notes.push('Fewer than 5 tasks, judged or of either class of labels: no correction.');
  if (!bySample)
    notes.push(
      human.length === 0
        ? 'No human labels: no prediction-powered share.'
        : 'Fewer than 5 tasks, judged or with human labels: no prediction-powered share.',
    );
  return {
    criterion,
    judged: judged.length,
    labelled: labelled.length,
    said: clusteredEstimate(judged, (sample) => sample.filter(({ said }) => said).length / sample.length, {
      isShare: true,
      resamples,
    }),
    roganGladen: asEstimate(byErrors, 'Rogan–Gladen', tasks),
    predictionPowered: asEstimate(bySample, 'prediction-powered', tasks),
    notes,
  };
}
