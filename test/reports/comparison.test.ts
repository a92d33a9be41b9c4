import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import type { TrainingRecord } from '../../core/record/training-record.ts';
import type { ChartData } from '../../reports/html/chart-data.ts';
import writeReport from '../../reports/write-report.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import syntheticRun, { writeRun, type SyntheticRun } from './synthetic-run.ts';

/** What `toolstone run` of three policies leaves, two of them with labels; the first episode of "knower" is void. */
function compared(): SyntheticRun {
  const made = syntheticRun({ seeds: 1, tasks: 12 });
  const jobs = made.manifest.jobs
    .filter(({ training, view }) => training === null && view === 'tool')
    .map((job) => {
      const label = { oracle: 'knower', retrieval: 'seeker' }[job.policy];
      return label === undefined ? job : { ...job, label, rows: { algorithms: label, views: `${label}, tool` } };
    });
  const knower = jobs.find(({ label }) => label === 'knower')?.name;
  const trajectories = made.trajectories
    .filter(({ key }) => jobs.some(({ name }) => name === key.job))
    .map((one) =>
      one.key.job === knower && one.key.task.endsWith('0000')
        ? { ...one, success: null, outcome: { kind: 'failed', culprit: 'world', message: 'git died' } as const }
        : one,
    );
  return { ...made, manifest: { ...made.manifest, command: 'run', jobs }, trajectories };
}

test('policies that are compared get a row a split with a column a family, and tokens per success by source', () => {
  const run = compared();
  using written = writeRun(run);
  const { tables } = writeReport(written.folder, { attacks: [] });
  const comparison = tables.find(({ name }) => name === 'comparison');
  expect(comparison?.rows.map((row) => row['policy'])).toEqual(['random', 'seeker', 'knower']);
  const row = comparison?.rows.at(-1) ?? {};
  const mine = run.trajectories.filter(({ key }) => key.job.startsWith('oracle-tool'));
  const valid = mine.filter(({ success }) => success !== null);
  const prompts = valid.flatMap(({ turns }) => turns).reduce((sum, { tokens }) => sum + tokens.prompt, 0);
  const successes = valid.filter(({ success }) => success?.verified).length;
  expect(row).toMatchObject({ tasks: 12, void_episodes: 1 });
  expect(row['prompt_per_success']).toBeCloseTo(prompts / successes, 9);
  const sources = ['system', 'schemas', 'results', 'history'].map((one) => row[`${one}_per_success`] as number);
  expect(sources.reduce((sum, one) => sum + one, 0)).toBeCloseTo(prompts / successes, 9);
  expect(comparison?.rows[0]?.['prompt_per_success'], 'random solves nothing').toBeNull();

  const ofFamily = valid.filter(({ key }) => key.task.includes('/git-log/'));
  expect((row['success_git-log'] as Estimate).tasks).toBe(ofFamily.length);
  const families = comparison?.columns.filter(({ key }) => key.startsWith('success_')).map(({ title }) => title);
  expect(families).toEqual(['board', 'calculate', 'file-notes', 'git-log', 'memory-facts', 'two-servers']);

  const differences = tables.find(({ name }) => name === 'policy-differences');
  expect(differences?.rows.map(({ first, second }) => [first, second])).toEqual([
    ['seeker', 'random'],
    ['knower', 'random'],
    ['knower', 'seeker'],
  ]);
  expect(differences?.rows[1]).toMatchObject({ pairs: 11, unpaired: 1, reading: 'better' });
});

const record: TrainingRecord = {
  version: 1,
  settings: { kind: 'grpo', base: '/models/half/model', reward: 'sparse', about: {} },
  steps: 4,
  seconds: 321.5,
  samplingSeconds: null,
  sampledEpisodes: 8,
  tokens: 5000,
  threads: 1,
  peakMebibytes: 8192,
};

test('finetunings stand beside a run with what they cost, and what their episodes earned in the course', () => {
  const folder = join(temporaryFolder(), 'grpo-sparse');
  mkdirSync(folder);
  writeFileSync(join(folder, 'training.json'), JSON.stringify(record));
  const played = syntheticRun({ seeds: 1 });
  const job = played.manifest.jobs[0];
  const trajectories = played.trajectories.filter(({ key }) => key.job === job?.name && key.phase === 'train');
  using episodes = writeRun({ ...played, trajectories });
  cpSync(episodes.folder, join(folder, 'episodes'), { recursive: true });
  using written = writeRun(compared());
  const { page, tables } = writeReport(written.folder, { attacks: [], finetunings: [folder] });
  const costs = { steps: 4, seconds: 321.5, sampling_seconds: null, sampled_episodes: 8, tokens: 5000, threads: 1 };
  expect(tables.find(({ name }) => name === 'trainings')?.rows).toEqual([
    { training: 'grpo-sparse', kind: 'grpo', base: 'half', reward: 'sparse', ...costs, peak_mebibytes: 8192 },
  ]);
  expect(readFileSync(join(written.folder, 'tables', 'trainings.md'), 'utf8')).toMatch(
    /\| grpo-sparse \| grpo \| half \|/,
  );
  expect(readFileSync(join(written.folder, 'summary.json'), 'utf8'), 'no clock time').not.toMatch(/seconds/);

  const html = readFileSync(page, 'utf8');
  const [, data = ''] = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(html) ?? [];
  const { proxies } = (JSON.parse(data) as { charts: ChartData }).charts;
  expect(proxies.map(({ label, trainedOn }) => [label, trainedOn])).toEqual([['grpo-sparse', 'sparse']]);
  expect(proxies[0]?.lines.map(({ label }) => label)).toEqual(['truth (verifier)', 'sparse', 'state-share', 'rubric']);
  const rubric = proxies[0]?.lines.at(-1)?.points ?? [];
  expect(
    rubric.map((point) => point.episodes),
    'a point a step of two episodes',
  ).toEqual([1, 3, 5, 7]);
  const [first, second] = trajectories.map(({ rewards }) => rewards.rubric ?? NaN);
  expect(rubric[0]?.mean).toBeCloseTo(((first ?? NaN) + (second ?? NaN)) / 2, 9);
});

test('a finetuning that a judge rewarded says by whom, and its course holds what that judge said', () => {
  const folder = join(temporaryFolder(), 'grpo-judged');
  mkdirSync(folder);
  const about = { judge: { judge: { name: 'embedded', build: 'b', prompt: null } } };
  const settings = { ...record.settings, reward: 'rubric', about };
  writeFileSync(join(folder, 'training.json'), JSON.stringify({ ...record, settings }));
  const played = syntheticRun({ seeds: 1 });
  const trajectories = played.trajectories
    .filter(({ key }) => key.job === played.manifest.jobs[0]?.name && key.phase === 'train')
    .map((one) => ({ ...one, judged: { verdicts: [], reward: 0.25 } }));
  using episodes = writeRun({ ...played, trajectories });
  cpSync(episodes.folder, join(folder, 'episodes'), { recursive: true });
  using written = writeRun(compared());
  const { page, tables } = writeReport(written.folder, { attacks: [], finetunings: [folder] });
  expect(tables.find(({ name }) => name === 'trainings')?.rows).toMatchObject([{ reward: 'rubric, embedded' }]);
  const html = readFileSync(page, 'utf8');
  const [, data = ''] = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(html) ?? [];
  const [proxy] = (JSON.parse(data) as { charts: ChartData }).charts.proxies;
  expect([proxy?.trainedOn, proxy?.lines.at(-1)?.label]).toEqual(['rubric by its judge', 'rubric by its judge']);
  expect(proxy?.lines.at(-1)?.points.map(({ mean }) => mean)).toEqual([0.25, 0.25, 0.25, 0.25]);
});

test.each([
  [undefined, /holds no training\.json\. Give folders of finished finetunings/],
  ['{', /training\.json is corrupt \(.*\)\. Give the command of that finetuning again/],
  ['{"version":2}', /training\.json is no record of a training, version 1\./],
] as const)('a finetuning whose record is %j is refused in a sentence', (text, sentence) => {
  const folder = temporaryFolder();
  if (text !== undefined) writeFileSync(join(folder, 'training.json'), text);
  using written = writeRun(compared());
  expect(() => writeReport(written.folder, { attacks: [], finetunings: [folder] })).toThrow(UsageError);
  expect(() => writeReport(written.folder, { attacks: [], finetunings: [folder] })).toThrow(sentence);
});
