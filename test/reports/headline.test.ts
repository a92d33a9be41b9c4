import { expect, test } from 'vitest';
import readRun from '../../core/record/read-run.ts';
import type { Job } from '../../core/run-types.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import { withArmNames } from '../../reports/arms/arm-of-row.ts';
import { namedArms } from '../../reports/arms/named-arms.ts';
import forestsOf from '../../reports/html/forests.ts';
import { headlineOf, headlineText } from '../../reports/headline/headline.ts';
import { viewDifferencesTable } from '../../reports/tables/differences.ts';
import { cellText, intervalText, isEstimate, type Table } from '../../reports/tables/table.ts';
import syntheticRun, { writeRun } from './synthetic-run.ts';

const base = syntheticRun({ seeds: 2, tasks: 40 });

/** The headline of the chosen jobs, of whose test tasks each solves those that `solves` says; `null`: was not played. */
function headline(jobs: readonly Job[], solves: (job: Job, task: number) => boolean | null, made = base) {
  const names = new Map(jobs.map((job) => [job.name, job]));
  const trajectories = made.trajectories.flatMap((one): ScoredTrajectory[] => {
    const job = names.get(one.key.job);
    if (!job || one.key.phase !== 'test') return [];
    const verified = solves(job, Number(one.key.task.slice(-4)));
    if (verified === null) return [];
    return [{ ...one, success: { verified, properFinish: verified } }];
  });
  const manifest = { ...made.manifest, command: 'run', jobs: [...jobs] };
  using written = writeRun({ ...made, manifest, trajectories, learning: [] });
  const found = headlineOf(readRun(written.folder));
  if (!found) throw new Error('no headline');
  return found;
}

const jobsOf = (...policies: string[]) =>
  base.manifest.jobs.filter(({ policy, view }) => policies.includes(policy) && view === 'tool');

test('a question that the data decide is answered, held against the ceiling', () => {
  const { question, answer, decision, remedy, arms, aside } = headline(
    jobsOf('random', 'retrieval', 'oracle'),
    ({ policy }, task) => policy === 'oracle' || (policy === 'retrieval' && task % 2 === 0),
  );
  expect(question).toBe('Which policy solves most of the test tasks?');
  expect(answer).toMatch(
    /^retrieval solves 20 of 40 tasks \(0\.50 \[0\.3\d, 0\.6\d\]\); next comes random with 0 of 40 tasks \(0\.00 \[.* For scale: oracle 1\.00 \(it knows the reference plan\)\.$/,
  );
  expect(decision).toMatch(/^Decided: it is better than random, by 0\.50 \[0\.\d\d, 0\.\d\d\]\.$/);
  expect(remedy).toBeNull();
  expect(arms.map(({ arm }) => arm.name)).toEqual(['retrieval', 'random', 'oracle']);
  expect(aside).toBe('Shown for scale and not ranked: “oracle”.');
  const text = headlineText({ question, answer, decision, remedy }, 40);
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(40);
  expect(text.replaceAll('\n', ' ')).toBe(`${question} ${answer} ${decision}`);
});

test('a name with a comma stands in quotes, so that its comma is none of the sentence', () => {
  const views = base.manifest.jobs.filter(({ policy }) => ['random', 'retrieval', 'oracle'].includes(policy));
  const { answer, decision } = headline(views, ({ policy }, task) => policy === 'retrieval' && task % 2 === 0);
  expect(answer).toMatch(/^“retrieval, \w+” solves .*; next comes “\w+, \w+” with .* For scale: “oracle, \w+” 0\.00/);
  expect(decision).toMatch(/no significant difference from “retrieval, \w+”, /);
});

test('the tokens of views are told apart at the level of the table that compares every two of them', () => {
  const views = base.manifest.jobs.filter(({ rows }) => rows.views !== undefined);
  const manifest = { ...base.manifest, command: 'run', jobs: views };
  const trajectories = base.trajectories.filter(({ key }) => views.some(({ name }) => name === key.job));
  using written = writeRun({ ...base, manifest, trajectories, learning: [] });
  const run = readRun(written.folder);
  const { tokens = [] } = headlineOf(run) ?? {};
  expect(tokens).toHaveLength(2);
  const { about, rows } = viewDifferencesTable([run]);
  expect(about).toContain('adjusted for the 6 comparisons of a split');
  for (const sentence of tokens) {
    const [, policy, least, next, interval] =
      /^(\w+): .* of the view (\w+), \d+; next comes (\w+), \d+ more (\[.*?\]): /.exec(sentence) ?? [];
    const names = [least, next].map((view) => `${policy}, ${view}`);
    const row = rows.find((one) => [one['first'], one['second']].every((name) => names.includes(cellText(name))));
    const { total_tokens: difference = null, second } = row ?? {};
    if (!isEstimate(difference)) throw new Error(`the table has no row for ${names.join(' and ')}`);
    const [low, high] = [Number(difference.low), Number(difference.high)];
    const [from, to] = second === names[0] ? [low, high] : [-high, -low];
    expect(interval, sentence).toBe(intervalText(from, to, 'amount'));
  }
});

test('one that they do not decide says by how much it is open, and what would decide it', () => {
  const close = headline(jobsOf('random', 'retrieval'), ({ policy }, task) =>
    policy === 'retrieval' ? task % 2 === 0 : task % 2 === 1 && task > 4,
  );
  expect(close.decision).toMatch(/^Not decided: no significant difference from random, 0\.05 \[−0\.\d\d, 0\.\d\d\]\.$/);
  const [, tasks] = /about ([\d,]+) tasks \(this one has 40\) would/.exec(close.remedy ?? '') ?? [];
  // The deviation of the differences is about 1, so that 40 tasks have a standard error of 0.158.
  expect(Number(tasks?.replace(',', '')) / ((1.96 + 0.84) / 0.05) ** 2).toBeCloseTo(1, 0);
  const equal = headline(jobsOf('random', 'retrieval'), (_, task) => task % 2 === 0);
  expect(equal.remedy).toMatch(/^They solved the same tasks; only other tasks/);
  const crossed = headline(jobsOf('random', 'retrieval'), ({ policy }, task) => (policy === 'random') === task < 20);
  expect(crossed.remedy).toMatch(/^More of the same will hardly decide it: treat them as equal, within \[−0\./);
});

test('what is trained is compared with what is not on every seed, and rewards with each other', () => {
  const rubric = base.manifest.jobs.filter(({ training }) => training?.reward === 'rubric');
  const one = headline([...rubric, ...jobsOf('retrieval')], ({ training, seed }, task) =>
    training ? task % 2 === seed - 1 || task % 4 < 2 : task % 8 === 0,
  );
  expect(one.question).toBe('Does a policy that was trained solve more of the test tasks than those that were not?');
  expect(one.answer).toMatch(
    /^The policy trained as “GRPO, rubric” solves on average 30 of 40 tasks over 2 seeds \(0\.75 \[/,
  );
  expect(one.decision, 'both seeds: 0.75 less 0.125').toContain('by 0.63 [');
  const all = base.manifest.jobs.filter(({ training }) => training !== null);
  expect(headline(all, ({ training }) => training?.reward === 'rubric').question).toBe(
    'Which reward trains the policy that solves most of the test tasks?',
  );
});

test('what is open is told of the runner-up, not of the arm furthest behind', () => {
  const trained = base.manifest.jobs.filter(({ training }) => training !== null);
  const [best, next] = [...new Set(trained.map(({ training }) => training?.reward))];
  const { answer, decision } = headline(trained, ({ training }, task) =>
    training?.reward === best ? task < 20 : task >= (training?.reward === next ? 22 : 24),
  );
  expect(answer).toContain(`; next comes the policy trained as “${next}” with on average 18 of 40 tasks over 2 seeds`);
  expect(decision).toContain(`Not decided: no significant difference from the policy trained as “${next}”, 0.05 [−`);
  expect(decision, 'the others by name').toMatch(/\], nor from the policy trained as “GRPO, rubric”[^.]*\.$/);
});

test('the policy that a training begins with sets the scale, and is told as such', () => {
  const trained = base.manifest.jobs.filter(({ training }) => training !== null);
  const [start] = jobsOf('retrieval');
  const untrained = { ...(start as Job), policy: 'pointer:untrained', rows: { algorithms: 'untrained' } };
  const all = [...trained, untrained];
  const { answer, arms, decision, remedy } = headline(all, ({ training }, task) => training !== null || task < 10);
  expect(answer).toContain('For scale: untrained 0.25 (the same policy before training).');
  expect(arms.at(-1)?.arm.name).toBe('untrained');
  expect(decision).toMatch(
    / In these trainings, with 2 seeds each, the best policy did better than “untrained”, by 0\.75 \[0\./,
  );
  expect(remedy, 'two seeds of the same result').toMatch(/^This does not show that they are equal: with 2 seeds,/);
  const one = headline([...jobsOf('random', 'retrieval'), ...all], ({ training }) => training !== null);
  expect(one.aside).toBe(
    'Shown for scale and not ranked: “random”, “untrained”. Not part of this question, and shown below: “retrieval”.',
  );
  const both = headline(all, ({ training }, task) => training?.reward === 'rubric' || (training !== null && task < 10));
  expect(both.decision, 'which trainings it is of is told once').toMatch(
    /^In these trainings, with 2 seeds each, it did better than [^.]*, by .*\]\. In the same trainings the best policy did better than “untrained”, by /,
  );
  expect(both.decision.split('In these trainings')).toHaveLength(2);
  const lost = headline(all, ({ training }, task) => training === null || task < 10);
  expect(lost.decision).toContain(
    ' In these trainings, with 2 seeds each, even the best policy did worse than “untrained”, by −0.75 [',
  );
  const open = headline(all, ({ training }, task) => task % 2 === (training === null ? 0 : 1));
  expect(open.decision).toContain(
    ' Whether training helped is not decided: no significant difference from “untrained”, 0.00 [',
  );
});

test('one policy alone is no comparison', () => {
  const { question, decision, remedy } = headline(jobsOf('retrieval'), (_, task) => task < 10);
  expect(question).toBe('How many of the test tasks does retrieval solve?');
  expect(decision).toMatch(/^Nothing is compared/);
  expect(remedy).toContain('With 160 tasks (four times as many) the interval would be half as wide.');
  const beside = headline(jobsOf('retrieval', 'oracle'), (_, task) => task < 10);
  expect(beside.decision).toBe('Nothing is compared: oracle is shown only for scale.');
  expect(beside.remedy).toMatch(/^Add another policy \(`--policy oracle retrieval B`\) to compare with\./);
});

test('with fewer than ten seeds only these trainings are told of, with the arms by name', () => {
  const rubric = base.manifest.jobs.filter(({ training }) => training?.reward === 'rubric');
  const one = headline([...rubric, ...jobsOf('retrieval')], ({ training }) => training !== null);
  expect(one.decision).toMatch(/^In these trainings, with 2 seeds each, it did better than retrieval, by 1\.00 \[/);
  expect(one.remedy).toBe(
    'Whether that holds for other trainings is open with 2 seeds: train with at least 10 (`--seeds 10`).',
  );
  const many = syntheticRun({ seeds: 10, tasks: 20 });
  const withSeeds = (most: number) => {
    const trained = many.manifest.jobs.filter(({ training, seed }) => training?.reward === 'rubric' && seed <= most);
    return headline([...trained, ...jobsOf('retrieval')], ({ training }) => training !== null, many);
  };
  const nine = withSeeds(9);
  expect(nine.decision).toMatch(/^In these trainings, with 9 seeds each, it did better than retrieval/);
  const ten = withSeeds(10);
  expect(ten.decision).toMatch(/^Decided: it is better than retrieval/);
  expect(ten.remedy).toBeNull();
  const trained = base.manifest.jobs.filter(({ training }) => training !== null);
  const [best, next] = [...new Set(trained.map(({ training }) => training?.reward))];
  const { decision } = headline(trained, ({ training }, task) =>
    training?.reward === best ? task < 20 : training?.reward === next && task >= 22,
  );
  expect(decision).toMatch(
    /^Not decided: .* In these trainings, with 2 seeds each, it did better than “GRPO, rubric”\.$/,
  );
  expect(decision).not.toMatch(/is better/);
});

test('with few tasks no number is told that could not decide it', () => {
  const open = headline(jobsOf('random', 'retrieval'), ({ policy }, task) =>
    task < 4 ? policy === 'retrieval' && task < 3 : null,
  );
  expect(open.decision).toMatch(/^Not decided/);
  // Six tasks that all go one way are the fewest that a sign test tells from chance; three of four do.
  expect(open.remedy).toMatch(/about 8 tasks \(this one has 4\) would/);
});

test('a table for the terminal calls an arm as page and headline do', () => {
  const arms = namedArms(base.manifest.jobs);
  const row = { reward: 'rubric', split: 'test', second: 'rubric' };
  const table: Table = { name: 'rewards', title: '', about: '', columns: [], rows: [row, { reward: 'unknown' }] };
  expect(withArmNames(arms, table).rows).toEqual([{ ...row, reward: 'GRPO, rubric' }, { reward: 'unknown' }]);
});

test('an arm is called after all tables, but for what tells it from no other', () => {
  const arms = namedArms(base.manifest.jobs);
  expect(arms.ofRow('rewards', 'rubric')).toBe(arms.ofRow('algorithms', 'GRPO, rubric'));
  expect(arms.ofRow('rewards', 'rubric')?.name).toBe('GRPO, rubric');
  expect(arms.ofJob('oracle-tool/seed-1')?.name, 'in several views').toBe('oracle, tool');
  expect(namedArms(jobsOf('oracle')).all[0]?.name, 'in one view').toBe('oracle');
  expect(new Set(arms.all.map(({ name }) => name)).size).toBe(arms.all.length);
});

test('what changed of a tool is drawn beside differences of arms, each split by itself', () => {
  const difference = { value: -0.1, low: -0.2, high: 0, tasks: 9, seeds: 1, episodes: 9, method: 'no spread' } as const;
  const row = { server: 'git', tool: 'git_log', arm: 'retrieval', success_difference: difference };
  const tables: Table[] = [
    {
      name: 'tool-differences',
      title: '',
      about: '',
      columns: [],
      rows: [
        { ...row, split: 'test' },
        { ...row, split: 'wording' },
        { ...row, split: 'fuzzy', success_difference: null },
      ],
    },
  ];
  const forests = forestsOf(null, tables, namedArms([]));
  expect(forests.map(({ title }) => title)).toEqual(['test', 'wording']);
  expect(forests[0]?.rows).toEqual([
    { names: ['git.git_log', 'retrieval'], arm: null, value: -0.1, low: -0.2, high: 0 },
  ]);
});
