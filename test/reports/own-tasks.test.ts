import { describe, expect, it } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import compare from '../../reports/gate/gate.ts';
import { referenceOf } from '../../reports/gate/reference.ts';
import reportPage from '../../reports/html/page.ts';
import sampleOf from '../../reports/html/sample.ts';
import { tablesOf } from '../../reports/write-tables.ts';
import syntheticRun, { criteria, writeRun, type SyntheticRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 1, tasks: 3 });
const oracle = base.manifest.jobs.find(({ name }) => name === 'oracle-tool/seed-1')!;
const template = base.trajectories.find(({ key }) => key.job === oracle.name)!;
const criterion = (id: string, weight: number) => ({ ...criteria[0]!, id, weight, description: `Asks: ${id}.` });

const names = ['apples', 'pears', 'plums'];
const idOf = (name: string) => `fruit/own/test/${name}`;

/** A run of three own tasks, each with a criterion of its own that code leaves unscored, of which `failing` fail. */
function ownRun(failing: readonly string[] = [], rubrics = byTask): SyntheticRun {
  const job = { ...oracle, policy: 'openai:m', evaluations: [{ split: 'test' as const, tasks: names.length }] };
  const trajectories = names.map((name): ScoredTrajectory => {
    const verified = !failing.includes(name);
    return {
      ...template,
      key: { ...template.key, task: idOf(name) },
      success: { verified, properFinish: verified },
      verdicts: [{ criterion: `of ${name}`, state: 'unscored', reason: 'code has no check for this criterion' }],
      rewards: { ...template.rewards, rubric: null },
    };
  });
  return {
    ...base,
    manifest: { ...base.manifest, suite: 'fruit@abcdef123456', rubrics, jobs: [job] },
    learning: [],
    timings: [],
    trajectories,
  };
}
const byTask = Object.fromEntries(names.map((name, index) => [idOf(name), [criterion(`of ${name}`, index + 1)]]));

const read = (run: SyntheticRun) => {
  using written = writeRun(run);
  const one = readRun(written.folder);
  return { one, sample: sampleOf(one), page: reportPage(one, tablesOf([one], [])) };
};

const headings = (page: string) => [...page.matchAll(/<h2 id="([\w-]+)"/g)].map(([, id]) => id);

describe('own tasks in reports', () => {
  it('stand beside their own criteria', () => {
    const { sample } = read(ownRun());
    const shown = sample.trajectories.map(({ key, rubric }) => [key.task, sample.rubrics[rubric]]);
    expect(shown).toEqual(Object.entries(byTask));
  });

  it('of an older run, filed under one family, stand beside none rather than those of another task', () => {
    const { sample } = read(ownRun([], { own: [criterion('of plums', 3)] }));
    expect(sample.trajectories.map(({ rubric }) => sample.rubrics[rubric])).toEqual([[], [], []]);
  });

  it('are called tasks, and judged by checks', () => {
    const { page } = read(ownRun());
    expect(page).toContain('every check of the task is true at the end');
    expect(page).not.toMatch(/new tasks from the families of suite|fact by fact/);
  });

  it('have a page of what applies to them; a training brings the rest', () => {
    const ofTraining =
      /LinUCB|embedded policy is a small network|state-share<\/dt>|the paper gives no values|<b>IQM<\/b>/;
    const own = read(ownRun()).page;
    expect(headings(own)).toContain('trajectories');
    expect(headings(own)).not.toContain('judge');
    expect(own).not.toMatch(ofTraining);
    const trained = read(syntheticRun({ seeds: 1, tasks: 4 })).page;
    expect(headings(trained)).toContain('judge');
    for (const part of [/embedded policy is a small network/, /state-share<\/dt>/, /<b>IQM<\/b>/])
      expect(trained).toMatch(part);
  });

  it('lose nothing by a criterion that nobody scored, and something once a score is lost', () => {
    const run = read(ownRun()).one;
    const itself = compare([run], referenceOf(run, 'first'));
    expect([itself.verdict, itself.reasons]).toEqual([
      'not-enough-data',
      [expect.stringMatching(/, 3 tasks: verifier success cannot be compared, since too few have episodes that count/)],
    ]);
    const scored = ownRun();
    const before = read({
      ...scored,
      trajectories: scored.trajectories.map((one) => ({ ...one, rewards: { ...one.rewards, rubric: 0.5 } })),
    }).one;
    const { verdict, reasons } = compare([run], referenceOf(before, 'scored'));
    expect(verdict).toBe('regressed');
    expect(reasons[0]).toMatch(/3 of 3 episodes of .* are unscored/);
  });
});

const failing = (index: number): boolean => index === 8 || index === 9;

describe('the sample of the page', () => {
  it('shows failures first where not all have room, one of each family', () => {
    const long = 'w'.repeat(5_900);
    const swollen = (one: ScoredTrajectory): ScoredTrajectory => ({
      ...one,
      turns: Array.from({ length: 60 }, () => ({ ...one.turns[0]!, text: long })),
    });
    const trajectories = Array.from({ length: 10 }, (_, index) =>
      swollen({
        ...template,
        key: { ...template.key, task: `basic/${index % 2 === 0 ? 'even' : 'odd'}/test/000${index}` },
        success: { verified: !failing(index), properFinish: !failing(index) },
      }),
    );
    const { sample, page } = read({ ...ownRun(), trajectories });
    const shown = sample.trajectories.map(({ key }) => Number(key.task.at(-1)));
    expect(shown.length).toBeLessThan(10);
    expect(shown, 'failures, and the first that were solved').toEqual(expect.arrayContaining([0, 1, 8, 9]));
    expect(page).toMatch(/\d of 10 recorded episodes, .*\s+.*failures first/);
  });
});
