"""Makes agreement.json: what scipy, scikit-learn, statsmodels, krippendorff and ppi_py say of small data sets.

Run: pip install numpy scipy statsmodels scikit-learn krippendorff ppi-python && python make_agreement_golden.py > agreement.json
"""

import json
from importlib.metadata import version

import krippendorff
import numpy as np
import ppi_py
import statsmodels.api as sm
from scipy import stats
from sklearn import metrics
from sklearn.calibration import calibration_curve
from statsmodels.stats.sandwich_covariance import cov_cluster

generator = np.random.default_rng(20261125)


def judged(count, share, skill):
    """Truths, and scores that know of them as far as skill goes, on a grid so that some tie."""
    truths = (generator.random(count) < share).astype(int)
    scores = np.round(1 / (1 + np.exp(-(skill * (truths - 0.5) + generator.normal(0, 1, count)))), 2)
    return truths, scores


def two_classes():
    rows = []
    for count, share, skill in [(40, 0.5, 2), (200, 0.9, 1), (300, 0.05, 3), (60, 0.4, 0), (50, 0.5, -2)]:
        truths, scores = judged(count, share, skill)
        said = (scores >= 0.5).astype(int)
        kappa = lambda left, right: metrics.cohen_kappa_score(left, right)
        interval = stats.bootstrap(
            (truths, said), kappa, n_resamples=5000, method="percentile", paired=True, vectorized=False, rng=np.random.default_rng(1)
        ).confidence_interval
        rows.append(
            {
                "truths": truths.tolist(),
                "scores": scores.tolist(),
                "sensitivity": metrics.recall_score(truths, said),
                "specificity": metrics.recall_score(truths, said, pos_label=0),
                "balancedAccuracy": metrics.balanced_accuracy_score(truths, said),
                "accuracy": metrics.accuracy_score(truths, said),
                "kappa": kappa(truths, said),
                "kappaLow": interval.low,
                "kappaHigh": interval.high,
                "brier": metrics.brier_score_loss(truths, scores),
                "areaUnderCurve": metrics.roc_auc_score(truths, scores),
            }
        )
    return rows


def curves():
    """Bins of equal mass; scores on a coarse grid leave fewer bins than asked for."""
    rows = []
    for count, bins, digits in [(200, 10, 6), (157, 10, 2), (90, 5, 1), (60, 10, 0)]:
        truths, scores = judged(count, 0.5, 2)
        scores = np.round(np.clip(scores + generator.uniform(-0.005, 0.005, count), 0, 1), digits)
        shares, means = calibration_curve(truths, scores, n_bins=bins, strategy="quantile")
        rows.append(
            {"truths": truths.tolist(), "scores": scores.tolist(), "bins": bins, "shares": shares.tolist(), "meanScores": means.tolist()}
        )
    return rows


def reliability():
    """Ratings of units by raters, some missing, of krippendorff's own example and drawn ones."""
    missing = np.nan
    example = [
        [missing] * 5 + [3, 4, 1, 2, 1, 1, 3, 3, missing, 3],
        [1, missing, 2, 1, 3, 3, 4, 3] + [missing] * 7,
        [missing, missing, 2, 1, 3, 4, 4, missing, 2, 1, 1, 3, 3, missing, 4],
    ]
    tables = [np.array(example)]
    for raters, units, values, gaps in [(2, 40, 2, 0), (3, 60, 5, 0.3), (5, 30, 11, 0.5)]:
        truth = generator.integers(0, values, units)
        table = np.array([np.where(generator.random(units) < 0.6, truth, generator.integers(0, values, units)) for _ in range(raters)])
        tables.append(np.where(generator.random(table.shape) < gaps, np.nan, table / (values - 1)))
    rows = []
    for table in tables:
        alphas = {metric: krippendorff.alpha(reliability_data=table, level_of_measurement=metric) for metric in ["nominal", "ordinal", "interval"]}
        units = [[None if np.isnan(value) else value for value in unit] for unit in table.T.tolist()]
        rows.append({"units": units, **alphas})
    return rows


def correlations():
    """Rank correlations, and the correlation of ranks left by a regression of both on the ranks of a third."""
    rows = []
    for count, values in [(5, 3), (12, 4), (80, 1000), (60, 2)]:
        given = generator.integers(0, 2, count)
        left = generator.integers(0, values, count) + given
        right = np.round(left + generator.normal(0, values, count)) + 2 * given
        design = sm.add_constant(stats.rankdata(given))
        residuals = [sm.OLS(stats.rankdata(side), design).fit().resid for side in (left, right)]
        rows.append(
            {
                "left": left.tolist(),
                "right": right.tolist(),
                "given": given.tolist(),
                "spearman": stats.spearmanr(left, right).statistic,
                "kendall": stats.kendalltau(left, right, variant="b").statistic,
                "partial": stats.pearsonr(*residuals).statistic,
            }
        )
    return rows


def clustered():
    """Mean and its standard error clustered by task, with the correction C / (C - 1)."""
    rows = []
    for tasks, most in [(12, 6), (40, 3)]:
        task = np.repeat(np.arange(tasks), generator.integers(1, most + 1, tasks))
        values = np.round(generator.normal(0, 1, tasks)[task] + generator.normal(0, 1, task.size), 3)
        fit = sm.OLS(values, np.ones((values.size, 1))).fit()
        variance = cov_cluster(fit, task, use_correction=False)[0, 0] * tasks / (tasks - 1)
        rows.append({"tasks": task.tolist(), "values": values.tolist(), "mean": values.mean(), "variance": variance})
    return rows


def prediction_powered():
    rows = []
    for labelled, unlabelled, share, skill in [(40, 160, 0.5, 2), (30, 300, 0.8, 1), (800, 1200, 0.3, 3)]:
        truths, scores = judged(labelled, share, skill)
        _, more = judged(unlabelled, share, skill)
        interval = ppi_py.ppi_mean_ci(truths, scores, more, alpha=0.05)
        point = lambda weight: float(np.squeeze(ppi_py.ppi_mean_pointestimate(truths, scores, more, lam=weight)))
        rows.append(
            {
                "truths": truths.tolist(),
                "scores": scores.tolist(),
                "unlabelled": more.tolist(),
                "best": point(None),
                "plain": point(1),
                "labelsAlone": point(0),
                "low": float(np.squeeze(interval[0])),
                "high": float(np.squeeze(interval[1])),
            }
        )
    return rows


def student():
    return [{"degrees": degrees, "quantile": stats.t.ppf(0.975, degrees)} for degrees in [3, 4, 5, 8, 15, 39, 200]]


packages = ["numpy", "scipy", "statsmodels", "scikit-learn", "krippendorff", "ppi-python"]
golden = {
    "madeWith": {name: version(name) for name in packages},
    "twoClasses": two_classes(),
    "curves": curves(),
    "reliability": reliability(),
    "correlations": correlations(),
    "clustered": clustered(),
    "predictionPowered": prediction_powered(),
    "student": student(),
}
print(json.dumps(golden, default=float))
