import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyCommand } from '../../commands/shared/command-line.ts';
import { fixedJob, judgeOfReward } from '../../commands/shared/jobs.ts';
import { recordJobs } from '../../commands/shared/run-and-report.ts';
import readRun from '../../core/record/read-run.ts';
import type { Manifest } from '../../core/run-types.ts';
import { eventually } from '../envs/processes.ts';
import { open } from '../finetune/served.ts';
import { stubJudge } from '../finetune/stub-judge.ts';
import { isWhole } from '../whole.ts';
import { start, temporaryFolder, toolstone } from './toolstone.ts';

const flagsOfJudges = ['--calibration', '--fitness', '--formula', '--judge', '--rubric', '--unfit'];

test('whatever trains, or serves those that do, takes the same flags about judges, with the same values and words', async () => {
  const commands = await everyCommand();
  const [first, ...others] = ['train', 'serve', 'finetune'].map((name) => {
    const options = commands.find((one) => one.name() === name)?.options ?? [];
    const ofJudges = options.filter(({ long }) => flagsOfJudges.includes(long ?? ''));
    return ofJudges.map(({ flags, description, argChoices }) => ({ flags, description, argChoices }));
  });
  expect(first?.map(({ flags }) => flags.split(' ')[0]).sort()).toEqual(flagsOfJudges);
  for (const other of others) expect(other).toEqual(first);
  // Those that judge what is stored take them too, but for what only a training may refuse.
  for (const name of ['judge', 'calibrate'])
    expect(commands.find((one) => one.name() === name)?.options.map(({ long }) => long)).toContain('--rubric');
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** `toolstone serve` in a process of its own. */
async function serve(...words: readonly string[]) {
  const { child, finished } = start('serve', '--suite', 'smoke', '--port', String(await freePort()), ...words);
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let isOver = false;
  void finished.then(() => (isOver = true));
  expect(await eventually(() => said.includes('Ctrl-C stops') || isOver, 60_000), said).toBe(true);
  const url = /at (http:\S+),/.exec(said)?.[1] ?? '';
  const server = { url, counts: () => ({}) as never, close: async () => undefined };
  const stop = async () => {
    child.kill('SIGINT');
    return finished;
  };
  return { server, stop, said: () => said };
}

test.runIf(isWhole)(
  'serve rewards by a judge; its run names it, holds what it said, is resumed by it alone, and can be reported',
  async () => {
    const stub = await stubJudge();
    const out = join(temporaryFolder(), 'run');
    const words = [
      '--judge',
      `${stub.name}&scope=criterion`,
      '--rubric',
      'end-state',
      '--unfit',
      'accept',
      '--out',
      out,
    ];
    const served = await serve(...words);
    expect(served.said()).toContain('rubric reward by openai:stub');
    const end = await (await open(served.server, 'train', 0)).call('finish', {});
    expect(end).toMatchObject({ reward: 1, metadata: { rewards: { sparse: 0 } } });
    expect(stub.questions()).toBe(12);
    expect(await served.stop()).toMatchObject({ code: 0 });
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as Manifest;
    expect(manifest.rewardJudges).toMatchObject([
      {
        judge: { name: expect.stringMatching(/^openai:stub/) as string },
        rubric: 'end-state',
        formula: 'weight-proportional',
      },
    ]);
    expect(manifest.jobs).toMatchObject([{ training: null, judge: { rubric: 'end-state', unfit: 'accept' } }]);
    const run = readRun(out);
    expect(run.episodes.map(({ judged }) => judged)).toEqual([{ reward: 1 }]);
    expect(run.timings.find(({ phase }) => phase === 'judge')).toMatchObject({ episodes: 1, judge: { calls: 12 } });
    const report = await toolstone('report', out);
    expect(report.code, report.stderr).toBe(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('rewarded policies by criteria of the end states');
    const other = await toolstone(
      'serve',
      '--suite',
      'smoke',
      ...words.filter((word) => word !== 'end-state' && word !== '--rubric'),
    );
    expect([other.code, other.stderr]).toEqual([
      2,
      expect.stringMatching(/ holds another run \(it differs in .*jobs.*\)\. /),
    ]);
  },
  180_000,
);

test('what rft samples is judged in a thread of its own, and its run names the judge', async () => {
  const stub = await stubJudge();
  const out = join(temporaryFolder(), 'run');
  const asked = judgeOfReward('rubric', { name: stub.name, rubric: 'generic', unfit: 'accept' });
  const job = { ...fixedJob('no-op', 'tool', {}, [{ split: 'train', tasks: 2 }]), ...asked };
  await recordJobs('finetune', 'finetune-train', [job], { suite: 'smoke', out, isQuiet: true, concurrency: 1 });
  const { episodes, manifest } = readRun(out);
  expect(episodes.map(({ phase, judged }) => [phase, judged?.reward])).toEqual([
    ['train', 1],
    ['train', 1],
  ]);
  expect(manifest.rewardJudges).toMatchObject([{ rubric: 'generic', fitness: null }]);
}, 120_000);

const ownTask = (id: string, more: object = {}) => ({
  id,
  prompt: `Write "ripe" into the file "${id}.txt".`,
  servers: ['filesystem'],
  checks: [{ file: { server: 'filesystem', path: `${id}.txt` }, equals: 'ripe' }],
  split: 'train',
  ...more,
});

test.each([
  [['--judge', 'noisy:0.6/0.6'], /the judge noisy:0\.6\/0\.6 is unfit for 12 of 12 criteria: .*say --unfit accept/],
  [['--judge', 'ollama:none?base-url=http://127.0.0.1:1'], /Ollama at http:\/\/127\.0\.0\.1:1.*(?:reach|ECONNREFUSED)/],
  [['--judge', 'nope'], /There is no judge "nope"\. Known: /],
  [['--judge', 'embedded', '--reward', 'sparse'], /No judge is asked for the reward sparse: leave out --judge/],
  [['--unfit', 'accept'], /apply to a judge other than code: name it with --judge/],
  [['--rubric', 'task'], /Suite smoke states no criteria: task files do\. Choose --rubric plan/],
  [['--rubric', 'RUBRICS'], /foreign\.jsonl has no line for \d+ of the \d+ tasks, e\.g\. smoke\//],
  [
    ['--tasks', 'TASKS'],
    /Code cannot score the rubrics of .*which are in your own words.*Name a --judge that reads them/,
  ],
] as const)('serve and finetune refuse %j as train does', async (given, sentence) => {
  const folder = temporaryFolder();
  const [rubrics, tasks] = [join(folder, 'foreign.jsonl'), join(folder, 'own.json')];
  const criterion = { id: 'a', category: 'task-fulfilment', description: 'It is done.', weight: 5 };
  writeFileSync(rubrics, JSON.stringify({ task: 'micro/copy/train/0000', form: 'free', criteria: [criterion] }));
  const own = ['apple', 'pear', 'plum'].map((id) => ownTask(id, { rubric: [{ criterion: 'It is polite.' }] }));
  writeFileSync(tasks, JSON.stringify({ name: 'fruit', tasks: own }));
  const words = given.map((word) => (word === 'RUBRICS' ? rubrics : word === 'TASKS' ? tasks : word));
  const source = words.includes('--tasks') ? [] : ['--suite', 'smoke'];
  for (const command of [
    ['serve'],
    ['finetune', 'grpo', '--base', 'x.gguf'],
    ['finetune', 'rft', '--base', 'x.gguf'],
  ]) {
    const { code, stderr } = await toolstone(...command, ...source, ...words, '--out', join(folder, 'out'));
    expect({ code, stderr }, command.join(' ')).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
  }
});

test.each([
  [['sft', '--judge', 'embedded'], /finetune sft rewards no episode, so that no judge is asked: .*choose rft or grpo/],
  [['grpo', '--normalise', 'component', '--reward', 'sparse'], /The reward sparse is no sum over criteria/],
  [
    ['grpo', '--normalise', 'component', '--formula', 'gated'],
    /"gated" multiplies scores, so that its reward has no components/,
  ],
] as const)('finetune %j is refused', async (words, sentence) => {
  const { code, stderr } = await toolstone('finetune', ...words, '--base', 'x.gguf', '--suite', 'smoke');
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(sentence) as string });
});
