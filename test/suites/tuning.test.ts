import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { policiesOf } from '../../baselines/open-policies.ts';
import { hoursOf, hoursText } from '../../commands/shared/hours.ts';
import { planned } from '../../commands/shared/experiments.ts';
import { withTunedSettings, writeSettings } from '../../commands/shared/tuned-settings.ts';
import { trialJobs, tuningDefaults } from '../../commands/shared/tuning.ts';
import { episodesOf } from '../../core/run/episodes-of.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Job } from '../../core/run-types.ts';
import { learnerOf, trialsOf, withSettings } from '../../reports/arms/trials.ts';
import trialsTable from '../../reports/tables/trials.ts';

const rewards = await planned('rewards', { suite: 'basic' });
const trials = await trialJobs(rewards.experiment, rewards.jobs, rewards.suite, tuningDefaults);

function record(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-tuning-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const settingsOf = (jobs: readonly Job[]) => jobs.map(({ training }) => training?.algorithm.split('?')[1]);

describe('trials', () => {
  test('each learner has six, two seeds each, of one budget, from the warm start alone', async () => {
    const byLearner = Map.groupBy(trials, learnerOf);
    const learners = new Set(rewards.jobs.filter(({ training }) => training).map(learnerOf));
    expect([...byLearner.keys()].toSorted()).toEqual([...learners].toSorted());
    const [first = []] = byLearner.values();
    expect(new Set(settingsOf(first)).size).toBe(6);
    for (const [learner, jobs] of byLearner) {
      expect(jobs, learner).toHaveLength(12);
      expect(settingsOf(jobs), learner).toEqual(settingsOf(first));
      for (const { policy, training } of jobs) {
        expect(policy).toBe('pointer?priors=none');
        expect(training).toMatchObject({ warmStart: 256, episodes: 1536 });
      }
    }
    for (const job of trials.slice(0, 6)) expect((await policiesOf(job, rewards.suite)).learner).not.toBeNull();
    expect(new Set(trials.map(({ name }) => name)).size).toBe(trials.length);
  });

  test('neither their seeds nor their tasks are of any table', () => {
    const tables = new Set(rewards.jobs.map(({ seed }) => seed));
    expect(trials.filter(({ seed }) => tables.has(seed))).toEqual([]);
    const curve = Math.max(...rewards.jobs.map(({ training }) => training?.validationTasks ?? 0));
    expect(curve).toBeGreaterThan(0);
    for (const { evaluations } of trials)
      expect(evaluations).toEqual([{ split: 'validation', after: curve, tasks: 120 }]);
  });

  test('where arms are no equals there are none', async () => {
    const { experiment, jobs, suite } = await planned('ablations', { suite: 'basic' });
    await expect(trialJobs(experiment, jobs, suite, tuningDefaults)).rejects.toThrow(
      /ablations compares no learners.* leave out --tune/,
    );
  });
});

test('settings are written beside those that stand there', () => {
  expect(withSettings('grpo?scale=batch&learningRate=0.1', { learningRate: 0.003, entropyBonus: 'none' })).toBe(
    'grpo?scale=batch&learningRate=0.003&entropyBonus=none',
  );
  expect(withSettings('./mine.ts', { learningRate: 0.003 })).toBe('./mine.ts?learningRate=0.003');
});

test('an arm with a KL term is tried without it, and has the settings that the trials of its learner chose', async () => {
  const { experiment, jobs, suite } = await planned('algorithms', { suite: 'basic' });
  const arms = jobs.filter(
    ({ seed, training }) => seed === 1 && /^(grpo|dpo)(\?beta.*)?$/.test(training?.algorithm ?? ''),
  );
  expect(arms.map(({ training }) => training?.algorithm)).toEqual(['grpo', 'grpo?beta=0.02', 'dpo']);
  for (const [job] of Map.groupBy(await trialJobs(experiment, jobs, suite, tuningDefaults), learnerOf).values())
    expect((await policiesOf(job as Job, suite)).learner, job?.name).not.toBeNull();
  const warmer = arms.flatMap((job) =>
    job.training?.algorithm === 'dpo' ? [{ ...job, training: { ...job.training, algorithm: 'dpo?beta=0.1' } }] : [],
  );
  const tried = await trialJobs(experiment, [...arms, ...warmer], suite, tuningDefaults);
  expect([...new Set(tried.map(learnerOf))], 'its beta is a temperature, which stays').toEqual([
    'grpo, rubric, tool, groups of 8',
    'dpo, rubric, tool, groups of 8',
    'dpo?beta=0.1, rubric, tool, groups of 8',
  ]);
  const folder = record();
  await writeSettings(
    folder,
    tuned((job) => (has(job, '0.012&entropyBonus=none') ? 1 : 0), tried),
    arms,
    tuningDefaults,
  );
  const { jobs: played } = await withTunedSettings('algorithms', arms, folder);
  expect(played.map(({ training }) => training?.algorithm)).toEqual([
    'grpo?learningRate=0.012&entropyBonus=none',
    'grpo?beta=0.02&learningRate=0.012&entropyBonus=none',
    'dpo?learningRate=0.012&entropyBonus=none',
  ]);
  const settings = JSON.parse(readFileSync(join(folder, 'tuning/settings.json'), 'utf8')) as {
    readonly learners: Readonly<Record<string, { readonly rows: readonly string[] }>>;
  };
  expect(settings.learners['grpo, rubric, tool, groups of 8']?.rows).toEqual(['grpo', 'grpo?beta=0.02']);
});

const someTrials = trials.filter(({ name }) => /^grpo-(sparse|rubric)-tool/.test(name));

/** A tuning whose trials solved the share of their tasks that `share` says; `null`: all was void. */
function tuned(share: (job: Job) => number | null, of = someTrials): Run {
  const episodes = of.flatMap((job) =>
    Array.from({ length: 20 }, (_, task): Episode => {
      const solved = share(job);
      const success = solved === null ? null : { verified: task < 20 * solved, properFinish: false };
      const { name, seed } = job;
      const figures = {
        job: name,
        phase: 'validation',
        task: `basic/f/validation/${task}`,
        family: 'f',
        seed,
        success,
      };
      return { ...figures, failure: solved === null ? 'broken' : null } as Episode;
    }),
  );
  return { manifest: { jobs: of }, episodes } as unknown as Run;
}

const chosenOf = (run: Run) =>
  Object.fromEntries(
    trialsOf([run]).flatMap(({ learner, settings, isChosen }) => (isChosen ? [[learner, settings] as const] : [])),
  );
const has = (job: Job, text: string) => job.training?.algorithm.includes(text) === true;

describe('the choice', () => {
  test('is the highest mean over seeds, for each learner by itself', () => {
    const run = tuned((job) =>
      job.training?.reward === 'sparse'
        ? has(job, '0.012&entropyBonus=none')
          ? 0.6
          : has(job, '0.003')
            ? job.seed === 1001
              ? 0.9
              : 0.1
            : 0.2
        : has(job, '0.003&entropyBonus=controlled')
          ? 0.4
          : 0.3,
    );
    expect(chosenOf(run)).toEqual({
      'grpo, sparse, tool, groups of 8': { learningRate: 0.012, entropyBonus: 'none' },
      'grpo, rubric, tool, groups of 8': { learningRate: 0.003, entropyBonus: 'controlled' },
    });
    const { rows } = trialsTable([run]);
    expect(rows).toHaveLength(12);
    expect(rows.filter(({ chosen }) => chosen === 'yes').map(({ success_by_seed: shown }) => shown)).toEqual([
      '0.60, 0.60',
      '0.40, 0.40',
    ]);
  });

  test('of equal ones is the first of the grid', () => {
    const first = { learningRate: 0.006, entropyBonus: 'controlled' };
    expect(Object.values(chosenOf(tuned(() => 0.5)))).toEqual([first, first]);
  });

  test('is not made while episodes are void', async () => {
    const run = tuned((job) => (has(job, '0.006') ? null : 0));
    expect(Object.values(chosenOf(run)).map(({ learningRate }) => learningRate)).toEqual([0.003, 0.003]);
    await expect(writeSettings(record(), run, rewards.jobs, tuningDefaults)).rejects.toThrow(
      /160 episodes .* re-run the same command/i,
    );
  });
});

describe('an experiment with tuned settings', () => {
  const jobs = rewards.jobs.filter(({ name }) =>
    /^(grpo-(sparse|rubric)-tool(-pointer[^/]*)?|random[^/]*)\/seed-1$/.test(name),
  );
  const run = tuned((job) => (has(job, '0.012&entropyBonus=none') ? 1 : 0));

  test('gives each arm those of its learner, wherever it starts, and leaves name, row and all else', async () => {
    const folder = record();
    expect(await withTunedSettings('rewards', jobs, folder)).toEqual({ jobs, source: null });
    await writeSettings(folder, run, jobs, tuningDefaults);
    const { jobs: played } = await withTunedSettings('rewards', jobs, folder);
    expect(jobs).toHaveLength(7);
    expect(played).toEqual(
      jobs.map((job) =>
        job.training === null
          ? job
          : { ...job, training: { ...job.training, algorithm: 'grpo?learningRate=0.012&entropyBonus=none' } },
      ),
    );
  });

  test('is refused where one of its learners was not tuned, and where the file is damaged', async () => {
    const folder = record();
    await writeSettings(folder, run, jobs, tuningDefaults);
    await expect(withTunedSettings('rewards', rewards.jobs, folder)).rejects.toThrow(
      /has no settings for state-share .*experiment rewards --tune.*or none: --untuned/,
    );
    mkdirSync(join(folder, 'tuning'), { recursive: true });
    writeFileSync(join(folder, 'tuning/settings.json'), '{"version":1,"learners":{"x":{"learningRate":-1}}}');
    await expect(withTunedSettings('rewards', jobs, folder)).rejects.toThrow(
      /settings\.json is damaged \(it .*Restore it from git/,
    );
  });
});

test('the hours told beforehand are episodes by the measured rate of their row, on so many threads', () => {
  const two = rewards.jobs.filter(({ name }) => /^grpo-(sparse|state-share)-tool\/seed-1$/.test(name));
  const [sparse = 0, other = 0] = two.map(episodesOf);
  const ofRow = new Map([
    ['sparse', 10],
    ['a', 30],
    ['b', 50],
  ]);
  expect(hoursOf(two, { ofRow }, 1)).toBeCloseTo((sparse * 10 + other * 30) / 1000 / 3600, 9);
  expect(hoursOf(two, { ofRow }, 2), 'the longer of the two').toBeCloseTo((other * 30) / 1000 / 3600, 9);
  expect(hoursText(two, { source: 'the trainings of x', ofRow }, 1)).toMatch(
    /^2 jobs with [\d,]+ episodes in all, 1 at a time: about 1 minute at the 10\.0 to 50\.0 seconds per 1,000 episodes that the trainings of x took/,
  );
  expect(hoursText(two, null, 1)).toMatch(/Nobody has measured/);
});
