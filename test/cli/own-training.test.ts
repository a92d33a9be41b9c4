import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type ScoredTrajectory } from '../../core/trajectory.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const writes = (path: string, content: string) => ({
  server: 'filesystem',
  tool: 'write_file',
  arguments: { path: `/world/filesystem/${path}`, content },
});
const task = (id: string, more: object = {}) => ({
  id,
  prompt: `Write "${id} is ripe" into the file "${id}.txt".`,
  servers: ['filesystem'],
  checks: [{ file: { server: 'filesystem', path: `${id}.txt` }, equals: `${id} is ripe` }],
  plan: [writes(`${id}.txt`, `${id} is ripe`)],
  ...more,
});
const { prompt: _, plan: __, ...bare } = task('melon', { split: 'train' });
const tasks = [
  task('apple', { split: 'train' }),
  task('pear', { split: 'train' }),
  task('plum', { split: 'train' }),
  {
    ...bare,
    messages: ['Hello.', { text: 'Write "melon is ripe" into the file "melon.txt".', plan: task('melon').plan }],
  },
  task('fig', { split: 'validation' }),
  task('kiwi', { split: 'test' }),
  // Thirds by the hash of their ids.
  task('lime'),
  task('quince'),
];

function fileOf(...own: readonly object[]): string {
  const path = join(temporaryFolder(), 'fruit.json');
  writeFileSync(path, JSON.stringify({ name: 'fruit', tasks: own }));
  return path;
}

test('own tasks are trained on by their splits, round after round, and their run is judged anew', async () => {
  const file = fileOf(...tasks);
  const run = join(temporaryFolder(), 'run');
  const words = ['--tasks', file, '--episodes', '64', '--concurrency', '2', '--out', run];
  const trained = await toolstone('train', ...words);
  expect(trained.code, trained.stderr).toBe(0);
  const manifest = JSON.parse(readFileSync(join(run, 'manifest.json'), 'utf8')) as Manifest;
  const [job] = manifest.jobs;
  expect(job?.evaluations).toEqual([{ split: 'test', tasks: 2 }]);
  expect(job?.training).toMatchObject({ validationTasks: 2, episodes: 64 });
  const episodes = readFileSync(join(run, 'trajectories.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ScoredTrajectory);
  const idsOf = (phase: RegExp) => [
    ...new Set(episodes.flatMap(({ key }) => (phase.test(key.phase) ? key.task.split('/').slice(2).join('/') : []))),
  ];
  expect(idsOf(/^train/).sort()).toEqual(['apple', 'melon', 'pear', 'plum'].map((id) => `train/${id}`));
  expect(idsOf(/^validation/).sort()).toEqual(['validation/fig', 'validation/lime']);
  expect(idsOf(/^test/).sort()).toEqual(['test/kiwi', 'test/quince']);
  expect(new Set(episodes.map(({ key }) => keyText(key))).size, 'each episode has a key of its own').toBe(
    episodes.length,
  );
  expect(
    episodes.some(({ turns }) => turns.some(({ user }) => user !== undefined)),
    'the second message',
  ).toBe(true);

  const judge = (...more: readonly string[]) =>
    toolstone('judge', run, '--judge', 'code', '--out', join(temporaryFolder(), 'judged'), ...more);
  expect((await judge()).stderr).toMatch(/run was of your own tasks.*name their file with --tasks/);
  expect((await judge('--tasks', file)).stdout).toContain(`Judged by code: ${episodes.length} episodes`);
  const kiwi = episodes.filter(({ key }) => key.task.endsWith('/kiwi')).length;
  expect((await judge('--tasks', file, '--task', 'kiwi')).stdout).toContain(`Judged by code: ${kiwi} episodes`);
});

test.runIf(isWhole)('run takes those of the named tasks that are in the named splits', async () => {
  const run = join(temporaryFolder(), 'run');
  const words = ['--tasks', fileOf(...tasks), '--split', 'validation', 'test', '--task', 'quince', 'fig', 'apple'];
  const { code, stderr } = await toolstone('run', '--policy', 'no-op', '--out', run, ...words);
  expect(code, stderr).toBe(0);
  const lines = readFileSync(join(run, 'trajectories.jsonl'), 'utf8').trim().split('\n');
  const ids = lines.map((line) => (JSON.parse(line) as ScoredTrajectory).key.task.split('/').slice(2).join('/'));
  expect(ids).toEqual(['validation/fig', 'test/quince']);
});

/** Called as Python would be: notes what it was given and what the server says of the tasks, and leaves a model behind. */
const trainer = `#!${process.execPath}
const fs = require('node:fs'), path = require('node:path');
const [script, ...args] = process.argv.slice(2);
const valueOf = (name) => args[args.indexOf(name) + 1];
const out = valueOf('--out');
(async () => {
  if (script.endsWith('to_gguf.py')) return fs.writeFileSync(out, 'GGUF');
  const body = JSON.stringify({ split: 'train' });
  const headers = { 'Content-Type': 'application/json' };
  const url = args.includes('--url') ? valueOf('--url') + '/tasks' : '';
  const served = url && (await (await fetch(url, { method: 'POST', headers, body })).json());
  fs.mkdirSync(path.join(out, 'model'), { recursive: true });
  fs.writeFileSync(path.join(out, 'given.json'), JSON.stringify({ limit: valueOf('--limit'), served }));
})().then(() => process.exit(0));`;

test.runIf(isWhole)(
  'finetune learns from the training split of own tasks: rows of the oracle, or tasks that are served',
  async () => {
    const file = fileOf(...tasks);
    const folder = temporaryFolder();
    const [python, base] = [join(folder, 'python'), join(folder, 'base.gguf')];
    writeFileSync(python, trainer, { mode: 0o755 });
    writeFileSync(base, 'GGUF');
    const finetuned = async (kind: string, ...more: readonly string[]) => {
      const out = join(folder, kind);
      const words = ['--base', base, '--python', python, '--tasks', file, '--out', out, ...more];
      const { code, stdout, stderr } = await toolstone('finetune', kind, ...words);
      expect(code, stderr).toBe(0);
      expect(stdout).toContain(`--tasks ${file} --split test`);
      return out;
    };
    const rows = readFileSync(join(await finetuned('sft'), 'oracle.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const [melon, ...others] = rows
      .map((line) => JSON.parse(line) as { task: string; conversation: { messages: { role: string }[] } })
      .sort((a, b) => Number(b.task.endsWith('melon')) - Number(a.task.endsWith('melon')));
    expect(others.map(({ task: id }) => id)).toEqual(['apple', 'pear', 'plum'].map((id) => `fruit/own/train/${id}`));
    expect(melon?.conversation.messages.filter(({ role }) => role === 'user')).toHaveLength(2);
    const given = readFileSync(join(await finetuned('grpo', '--limit', '3'), 'given.json'), 'utf8');
    expect(JSON.parse(given)).toMatchObject({
      limit: '3',
      served: { tasks: ['apple', 'pear', 'plum'].map((id) => ({ task_id: `fruit/own/train/${id}` })) },
    });
  },
);

const few = /split train has 3 and needs 4, split validation has 0 and needs 1\. Add tasks, or write "split: train"/;
const wordless = { plan: undefined, split: 'train' };
const ownRubric = { rubric: [{ criterion: 'It is polite.' }], split: 'train' };

test.each([
  ['train', ['--task', 'apple', 'pear', 'plum', 'kiwi'], tasks, few],
  ['bench', ['--task', 'apple', 'pear', 'plum', 'kiwi'], tasks, few],
  ['train', [], [...tasks, task('date', wordless)], /needs tasks with plans, and 1 of 9 have none: date/],
  ['train', [], [...tasks, task('date', ownRubric)], /cannot score the rubrics of date.*--judge.*--reward sparse/],
  ['run', ['--policy', 'no-op', '--task', 'aple'], tasks, /no task "aple"\. Did you mean "apple"\?/],
  ['run', ['--policy', 'no-op', '--split', 'fuzzy'], tasks, /no split "fuzzy"/],
  ['finetune', ['sft', '--base', 'x.gguf', '--task', 'kiwi'], tasks, /split train has 0 and needs 1/],
  ['gate', ['--task', 'kiwi', '--accept', 'first'], tasks, /leave out --task, or --accept/],
] as const)('%s %j says what is amiss with own tasks', async (command, more, own, words) => {
  const { code, stderr } = await toolstone(command, ...more, '--tasks', fileOf(...own));
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(words) as string });
});

test.each([
  [['run', '--policy', 'no-op', '--task', 'a'], /name their file with --tasks/],
  [['train', '--suite', 'micro', '--tasks', 'a.yaml'], /--tasks.*cannot be used with option '--suite/],
  [['bench', '--suite', 'a.yaml'], /no suite but a task file: name it with --tasks/],
  [['serve', '--tasks', '60'], /ends in \.yaml.*--limit/],
] as const)('%j is wrong use', async (words, sentence) => {
  const { code, stderr } = await toolstone(...words);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
});
