import { describe, expect, it } from 'vitest';
import { calibrationCurve, equalMassEdges } from '../../core/statistics/agreement/calibration-curve.ts';
import { studentQuantile } from '../../core/statistics/student.ts';
import krippendorffsAlpha from '../../core/statistics/agreement/krippendorff.ts';
import predictionPowered from '../../core/statistics/agreement/prediction-powered.ts';
import { kendallsTau, partialRankCorrelation, spearmansRho } from '../../core/statistics/agreement/rank-correlation.ts';
import { areaUnderCurve, brierScore } from '../../core/statistics/agreement/scores.ts';
import * as classes from '../../core/statistics/agreement/two-classes.ts';
import clusteredEstimate, { clusteredMean } from '../../core/statistics/clustered.ts';
import golden from './golden/agreement.json' with { type: 'json' };

const scored = (truths: readonly number[], scores: readonly number[]) =>
  scores.map((score, index) => ({ task: `task ${index}`, truth: truths[index] === 1, said: score >= 0.5, score }));

describe('against scipy, scikit-learn, statsmodels, krippendorff and ppi_py (golden/make_agreement_golden.py)', () => {
  it.each(golden.twoClasses)('two classes: $truths.length decisions, kappa $kappa', (row) => {
    const items = scored(row.truths, row.scores);
    expect(classes.sensitivity(items), 'sensitivity').toBeCloseTo(row.sensitivity, 12);
    expect(classes.specificity(items), 'specificity').toBeCloseTo(row.specificity, 12);
    expect(classes.balancedAccuracy(items), 'balanced accuracy').toBeCloseTo(row.balancedAccuracy, 12);
    expect(classes.accuracy(items), 'accuracy').toBeCloseTo(row.accuracy, 12);
    expect(classes.cohensKappa(items), 'kappa').toBeCloseTo(row.kappa, 12);
    expect(brierScore(items), 'Brier').toBeCloseTo(row.brier, 12);
    expect(areaUnderCurve(items), 'AUC').toBeCloseTo(row.areaUnderCurve, 12);
    const kappa = clusteredEstimate(items, classes.cohensKappa, { resamples: 5000 });
    // Two bootstraps of 5,000 resamples; their ends wander by a tenth of the width at most.
    const tenth = (row.kappaHigh - row.kappaLow) / 10;
    expect(Math.abs(Number(kappa?.low) - row.kappaLow), 'lower end of kappa').toBeLessThan(tenth);
    expect(Math.abs(Number(kappa?.high) - row.kappaHigh), 'upper end of kappa').toBeLessThan(tenth);
  });

  it.each(golden.curves)('calibration curve: $truths.length scores in $bins bins', (row) => {
    const curve = calibrationCurve(scored(row.truths, row.scores), equalMassEdges(row.scores, row.bins));
    expect(curve.length, 'bins with scores').toBe(row.shares.length);
    curve.forEach(({ meanScore, share }, index) => {
      expect(meanScore, `mean score of bin ${index}`).toBeCloseTo(row.meanScores[index] ?? Number.NaN, 12);
      expect(share, `share of bin ${index}`).toBeCloseTo(row.shares[index] ?? Number.NaN, 12);
    });
  });

  it.each(golden.reliability)('Krippendorff: $units.length units', ({ units, nominal, ordinal, interval }) => {
    expect(krippendorffsAlpha(units, 'nominal'), 'nominal').toBeCloseTo(nominal, 12);
    expect(krippendorffsAlpha(units, 'ordinal'), 'ordinal').toBeCloseTo(ordinal, 12);
    expect(krippendorffsAlpha(units, 'interval'), 'interval').toBeCloseTo(interval, 12);
  });

  it.each(golden.correlations)('correlations of $left.length pairs', ({ left, right, given, ...row }) => {
    expect(spearmansRho(left, right), 'Spearman').toBeCloseTo(row.spearman, 12);
    expect(kendallsTau(left, right), 'Kendall').toBeCloseTo(row.kendall, 12);
    expect(partialRankCorrelation(left, right, given), 'partial').toBeCloseTo(row.partial, 10);
  });

  it.each(golden.clustered)('mean of $values.length values by task', (row) => {
    const items = row.values.map((value, index) => ({ task: `task ${row.tasks[index]}`, value }));
    const { mean, variance } = clusteredMean(items, ({ value }) => value);
    expect(mean, 'mean').toBeCloseTo(row.mean, 12);
    expect(variance, 'variance').toBeCloseTo(row.variance, 12);
  });

  it.each(golden.predictionPowered)('prediction-powered mean of $truths.length labels', (row) => {
    const labelled = row.scores.map((score, index) => ({ task: `l${index}`, score, truth: row.truths[index] ?? 0 }));
    const unlabelled = row.unlabelled.map((score, index) => ({ task: `u${index}`, score }));
    const best = predictionPowered(unlabelled, labelled);
    expect(best?.value, 'best weight').toBeCloseTo(row.best, 12);
    expect(predictionPowered(unlabelled, labelled, 1)?.value, 'weight 1').toBeCloseTo(row.plain, 12);
    expect(predictionPowered(unlabelled, labelled, 0)?.value, 'weight 0').toBeCloseTo(row.labelsAlone, 12);
    // Ours is wider by Student's quantile and the two errors added, which vanish with n.
    const ratio = (Number(best?.high) - Number(best?.low)) / (row.high - row.low);
    expect(ratio, 'width over that of ppi_py').toBeGreaterThan(0.99);
    expect(ratio, 'width over that of ppi_py').toBeLessThan(row.truths.length > 500 ? 1.02 : 1.25);
  });

  it.each(golden.student)('Student’s quantile at $degrees degrees of freedom', ({ degrees, quantile }) => {
    expect(studentQuantile(degrees) / quantile, 'ratio').toBeCloseTo(1, degrees < 5 ? 2 : 3);
  });

  it('Student’s quantile at other probabilities', () => {
    // scipy 1.16: t.ppf([.95, .985], 8), and norm.ppf of the same
    expect(studentQuantile(8, 1.644854)).toBeCloseTo(1.859548, 3);
    expect(studentQuantile(8, 2.17009)).toBeCloseTo(2.633814, 2);
  });
});
