"""Makes statistics.json: what numpy, scipy and statsmodels say of small data sets.

Run: pip install numpy scipy statsmodels && python make_golden.py > statistics.json
"""

import json

import numpy as np
import scipy
import statsmodels
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.sandwich_covariance import cov_cluster, cov_cluster_2groups

generator = np.random.default_rng(20260821)


def draw(tasks, seeds, task_spread, seed_spread):
    """Binary outcomes, tasks x seeds, with difficulty per task and luck per seed."""
    difficulty = generator.normal(0, task_spread, (tasks, 1))
    luck = generator.normal(0, seed_spread, (1, seeds))
    share = 1 / (1 + np.exp(-(0.8 + difficulty + luck)))
    return (generator.random((tasks, seeds)) < share).astype(int)


def wilson():
    cases = [(0, 12), (12, 12), (1, 60), (30, 60), (59, 60), (333, 1000), (0, 1), (1, 1)]
    rows = []
    for successes, trials in cases:
        low, high = proportion_confint(successes, trials, alpha=0.05, method="wilson")
        rows.append({"successes": successes, "trials": trials, "low": low, "high": high})
    return rows


def one_seed():
    """Percentile bootstrap over tasks by scipy, 200,000 resamples."""
    rows = []
    for tasks, spread in [(24, 0.5), (60, 1.5), (120, 2.5)]:
        values = draw(tasks, 1, spread, 0)[:, 0]
        interval = stats.bootstrap(
            (values,), np.mean, n_resamples=200_000, method="percentile", rng=np.random.default_rng(1)
        ).confidence_interval
        rows.append({"values": values.tolist(), "mean": values.mean(), "low": interval.low, "high": interval.high})
    return rows


def two_way():
    """Mean and the standard error clustered by task and by seed (Cameron, Gelbach and Miller 2011)."""
    rows = []
    for tasks, seeds, task_spread, seed_spread in [(60, 5, 1.5, 0.6), (120, 10, 1.0, 0.8), (40, 8, 2.5, 0.2)]:
        values = draw(tasks, seeds, task_spread, seed_spread)
        task = np.repeat(np.arange(tasks), seeds)
        seed = np.tile(np.arange(seeds), tasks)
        fit = sm.OLS(values.reshape(-1).astype(float), np.ones((values.size, 1))).fit()
        both = cov_cluster_2groups(fit, task, seed, use_correction=False)[0]
        by_task = cov_cluster(fit, task, use_correction=False)
        rows.append(
            {
                "values": values.tolist(),
                "mean": values.mean(),
                "standardErrorByTaskAndSeed": float(np.sqrt(both[0, 0])),
                "standardErrorByTask": float(np.sqrt(by_task[0, 0])),
            }
        )
    return rows


def paired():
    """Mean difference and its standard error, paired by task."""
    rows = []
    for tasks in [40, 150]:
        before = draw(tasks, 1, 1.5, 0)[:, 0]
        flips = generator.random(tasks) < 0.15
        after = np.where(flips, 1 - before, before)
        test = stats.ttest_rel(after, before)
        rows.append(
            {
                "before": before.tolist(),
                "after": after.tolist(),
                "difference": float(np.mean(after - before)),
                "standardError": float(np.mean(after - before) / test.statistic) if test.statistic else 0.0,
            }
        )
    return rows


def interquartile():
    """Interquartile mean of scores, families x seeds."""
    rows = []
    for families, seeds, spread in [(1, 7, 0.3), (3, 5, 0.3), (12, 10, 0.5), (21, 3, 0.8)]:
        scores = np.clip(generator.normal(0.6, spread, (families, 1)) + generator.normal(0, 0.15, (families, seeds)), 0, 1)
        rows.append({"scores": scores.tolist(), "mean": stats.trim_mean(scores, 0.25, axis=None)})
    return rows


versions = {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": statsmodels.__version__}
golden = {
    "madeWith": versions,
    "wilson": wilson(),
    "oneSeed": one_seed(),
    "twoWay": two_way(),
    "paired": paired(),
    "interquartile": interquartile(),
}
print(json.dumps(golden, default=float))
