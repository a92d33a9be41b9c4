import { describe, expect, test } from 'vitest';
import { policiesOf } from '../../baselines/open-policies.ts';
import { episodesOf } from '../../core/run/episodes-of.ts';
import { listIn } from '../../core/list.ts';
import type { Experiment } from '../../core/run-types.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { choicesOf } from '../../suites/tasks/choices.ts';
import { rewardJudgeOf } from '../../commands/shared/reward-judges.ts';

const experiments = listIn<Experiment>(new URL('../../commands/experiments/', import.meta.url), 'experiment');

/** For those that want one named. */
const judged = { judge: 'noisy:0.9/0.9' };

describe.each(experiments.names())('experiment %s', (name) => {
  test('plans jobs that can be run, resumed and put into tables', async () => {
    const experiment = await experiments.load(name);
    const suite = await suiteNamed(name === 'breadth' ? 'broad' : 'basic');
    const jobs = experiment.jobs({ ...experiment.defaults, ...choicesOf(suite), ...judged });
    expect(experiment.name).toBe(name);
    expect(experiment.summary).toMatch(/\w+ \w+/);
    expect(new Set(jobs.map((job) => job.name)).size, 'names differ').toBe(jobs.length);
    for (const job of jobs) {
      expect(job.name).toMatch(/^\S+\/seed-\d+$/);
      expect(Object.keys(job.rows).length, job.name).toBeGreaterThan(0);
      expect(job.evaluations.every(({ split, tasks }) => suite.splits.includes(split) && tasks > 0)).toBe(true);
      // Other seeds have the same policies.
      if (job.seed === 1) expect((await policiesOf(job, suite)).learner === null, job.name).toBe(job.training === null);
      // A judge that errs, and that nobody has calibrated, rewards only where the arm says that it may.
      const judge = job.training?.judge;
      const use = judge && (await rewardJudgeOf(judge, suite)).use;
      if (judge?.unfit === 'refuse' && judge.name !== 'code') expect(use?.calibration).not.toBeNull();
    }
  });

  test('has as many trainings as asked for, and no other work for it', async () => {
    const { jobs, defaults } = await experiments.load(name);
    const [one, two] = [1, 2].map((seeds) => jobs({ ...defaults, ...judged, seeds, episodes: 64 }));
    const trained = (list = one) => list?.filter(({ training }) => training !== null) ?? [];
    expect(trained(two).length).toBe(2 * trained(one).length);
    expect(two?.filter(({ training }) => training === null)).toEqual(one?.filter(({ training }) => training === null));
    for (const job of trained()) expect(job.training?.episodes).toBe(64);
    const sum = (list = one) => list?.reduce((total, job) => total + episodesOf(job), 0) ?? 0;
    expect(sum(jobs({ ...defaults, ...judged, episodes: 128 }))).toBeGreaterThan(
      sum(jobs({ ...defaults, ...judged, episodes: 64 })),
    );
  });
});

test('breadth trains on ever more families, the narrower on the first of those that the wider has', async () => {
  const { jobs, defaults } = await experiments.load('breadth');
  const suite = await suiteNamed('broad');
  const chosen = jobs({ ...defaults, seeds: 2, ...choicesOf(suite) }).map(({ training }) => training?.families);
  expect(chosen.map((families) => families?.length)).toEqual([5, 10, 19, undefined, 5, 10, 19, undefined]);
  expect(chosen[1]?.slice(0, 5)).toEqual(chosen[0]);
  expect(chosen[4], 'another seed draws others').not.toEqual(chosen[0]);
  expect(() => jobs({ ...defaults, ...choicesOf(suite), splits: ['test'] })).toThrow(/give --suite broad/);
});

test.each([undefined, 'code'])('a judge in the loop must be named, and %s is none', async (judge) => {
  const { jobs, defaults } = await experiments.load('language-judge');
  expect(() => jobs({ ...defaults, ...(judge ? { judge } : {}) })).toThrow(/Name the judge/);
});
