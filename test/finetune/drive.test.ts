import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Interrupted, UsageError } from '../../core/errors.ts';
import { deathOf } from '../../finetune/drive/dead-training.ts';
import { finetune } from '../../finetune/drive/finetune.ts';
import type { JudgeToBe } from '../../finetune/judge/judge-to-be.ts';
import { readMetrics, type StepMetrics } from '../../finetune/drive/metrics.ts';
import type { Suite } from '../../core/types.ts';
import type { TrainingRecord } from '../../core/record/training-record.ts';
import { runTrainer } from '../../finetune/drive/trainer.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { eventually, processesWith } from '../envs/processes.ts';
import { interpreter, pretended } from './pretended-trainer.ts';

const steps = (...given: readonly Partial<StepMetrics>[]): StepMetrics[] =>
  given.map((one, index) => ({ step: index + 1, steps: 20, seconds: index, ...one }));

const many = (count: number, one: Partial<StepMetrics>) => steps(...Array.from({ length: count }, () => one));

test('metrics get our names, and a line being written waits', () => {
  const file = join(temporaryFolder(), 'metrics.jsonl');
  expect(readMetrics(file)).toEqual([]);
  const line = {
    step: 1,
    steps: 2,
    seconds: 3,
    loss: 0.5,
    frac_reward_zero_std: 1,
    'tools/call_frequency': 0,
    epoch: 9,
  };
  writeFileSync(file, `${JSON.stringify({ ...line, reward: null })}\n{"step": 2, "ste`);
  expect(readMetrics(file)).toEqual([
    { step: 1, steps: 2, seconds: 3, loss: 0.5, zeroVarianceShare: 1, callRate: 0, reward: null },
  ]);
});

test.each([
  ['not-a-number', steps({ loss: 1 }, { loss: null })],
  ['all-void', many(2, { reward: null, zeroVarianceShare: 0, callRate: 1 })],
  ['no-calls', many(3, { reward: 0, zeroVarianceShare: 1, callRate: 0 })],
  ['all-equal', many(8, { reward: 0.2, zeroVarianceShare: 1, callRate: 2 })],
] as const)('a run is dead of %s, and only at the end of a row', (name, all) => {
  const death = deathOf(all);
  expect(death?.name).toBe(name);
  expect(death?.sentence).toMatch(new RegExp(`^${name}: .*\\.$`));
  expect(deathOf(all.slice(1))).toEqual(name === 'not-a-number' ? death : undefined);
  expect(deathOf([...all, ...steps({ loss: 1, reward: 0.5, zeroVarianceShare: 0, callRate: 3 })])).toBeUndefined();
});

test('a trainer is heard step by step', async () => {
  const folder = temporaryFolder();
  const python = interpreter(
    folder,
    `for (const n of [1, 2]) step({ step: n, steps: 2, seconds: n, loss: 1 / n }); process.exit(0)`,
  );
  const heard: number[] = [];
  const out = join(folder, 'out');
  const request = { python, script: 'sft', arguments: ['--out', out], out } as const;
  const death = await runTrainer({ ...request, heard: (all) => heard.push(all.at(-1)?.step ?? 0) });
  expect([death, heard.at(-1)]).toEqual([undefined, 2]);
});

test.each([
  ['its own refusal', 'console.error("The base does not fit."); process.exit(1)', /^The base does not fit\.$/],
  [
    'a traceback',
    'console.error(\'Traceback:\\n  File "a.py", line 3, in x\\nKeyError: 1\'); process.exit(1)',
    /^sft\.py broke off \(KeyError: 1\)\. All it said stands in .*trainer\.log\.$/,
  ],
  ['a kill', 'process.kill(process.pid, "SIGKILL")', /^sft\.py broke off \(\)/],
] as const)('a trainer that fails with %s is told of in a sentence', async (_, body, sentence) => {
  const folder = temporaryFolder();
  const python = interpreter(folder, body);
  const out = join(folder, 'out');
  const run = runTrainer({ python, script: 'sft', arguments: ['--out', out], out, heard: () => undefined });
  await expect(run).rejects.toThrow(UsageError);
  await expect(run).rejects.toThrow(sentence);
});

const stubborn = `
process.stdin.removeAllListeners('end');
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', out + '/child'], { stdio: 'ignore' });
setInterval(() => {}, 1000);`;

test('a dead trainer is stopped, with all that it started and will not end', { timeout: 30_000 }, async () => {
  const folder = temporaryFolder();
  const dead = 'for (const n of [1, 2, 3]) step({ step: n, steps: 9, seconds: n, "tools/call_frequency": 0 });';
  const python = interpreter(folder, dead + stubborn);
  const out = join(folder, 'out');
  const death = await runTrainer({ python, script: 'grpo', arguments: ['--out', out], out, heard: () => undefined });
  expect(death?.name).toBe('no-calls');
  expect(await eventually(() => processesWith(folder).length === 0)).toBe(true);
});

test('Ctrl-C leaves nothing running', { timeout: 30_000 }, async () => {
  const folder = temporaryFolder();
  const python = interpreter(folder, `step({ step: 1, steps: 9, seconds: 1 });${stubborn}`);
  const out = join(folder, 'out');
  const run = runTrainer({
    python,
    script: 'grpo',
    arguments: ['--out', out],
    out,
    // what Node does with a Ctrl-C, without ending the program that tests
    heard: () => process.emit('SIGINT'),
  });
  await expect(run).rejects.toThrow(Interrupted);
  expect(await eventually(() => processesWith(folder).length === 0)).toBe(true);
});

function interruptTwice(): void {
  process.emit('SIGINT');
  process.emit('SIGINT');
}

test('a second Ctrl-C ends at once, and the trainer with it', { timeout: 30_000 }, async () => {
  const folder = temporaryFolder();
  const python = interpreter(folder, `step({ step: 1, steps: 9, seconds: 1 });${stubborn}`);
  const out = join(folder, 'out');
  const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const run = runTrainer({ python, script: 'grpo', arguments: ['--out', out], out, heard: interruptTwice });
  await expect(run).rejects.toThrow(Interrupted);
  expect(exit).toHaveBeenCalledWith(130);
  exit.mockRestore();
  expect(await eventually(() => processesWith(folder).length === 0)).toBe(true);
});

const training = (out: string) => JSON.parse(readFileSync(join(out, 'training.json'), 'utf8')) as TrainingRecord;

test('supervised: oracle episodes, rows, training, the file to serve; then nothing is left to do', async () => {
  const { options, folder, told, calls, said } = pretended('sft', { steps: 7, learningRate: 1e-4, threads: 1 });
  const out = join(folder, 'out');
  const result = { folder: out, model: join(out, 'model'), gguf: join(out, 'tuned.gguf') };
  expect(await finetune(options)).toEqual(result);
  expect(calls).toEqual(['oracle']);
  expect(said()).toEqual([
    'sft.py --base /base.gguf --out /out --rows /out/oracle.jsonl --sequences 7 --learning-rate 0.0001 --threads 1',
    'to_gguf.py --model /out/model --onto /base.gguf --out /out/tuned.gguf',
  ]);
  const row = JSON.parse(readFileSync(join(out, 'oracle.jsonl'), 'utf8')) as { conversation: { messages: unknown[] } };
  expect(row).toMatchObject({ family: 'micro-copy', verified: true, properFinish: true, reward: 1 });
  expect(row.conversation.messages.map((one) => (one as { role: string }).role)).toEqual([
    'system',
    'user',
    'assistant',
    'tool',
  ]);
  const learnt = readFileSync(join(out, 'learning.jsonl'), 'utf8').trimEnd().split('\n');
  expect(learnt.map((line) => JSON.parse(line) as object)).toEqual([
    { step: 1, steps: 2, loss: 1, reward: 0, tokens: 40 },
    { step: 2, steps: 2, loss: 0.5, reward: 0.5, tokens: 40 },
  ]);
  expect(told).toContain('sft 2 of 2 · loss 0.5000 · reward 0.500 · 0 s left');
  const none = { samplingSeconds: null, sampledEpisodes: null };
  expect(training(out)).toMatchObject({ version: 1, steps: 2, seconds: 2.5, tokens: 40, ...none });
  expect(training(out)).toMatchObject({ threads: 2, peakMebibytes: 900 });
  expect(training(out).parts, 'of both steps').toEqual({
    forward: { seconds: 1, tokens: 200 },
    environment: { seconds: 0.5, tokens: null },
  });
  expect(told.at(-1)).toBe('It took: forward 200 tokens a second (1 s), environment 1 s.');
  expect(training(out).settings).toMatchObject({
    kind: 'sft',
    base: options.base,
    steps: 7,
    about: { suite: 'micro' },
  });

  expect(await finetune(options)).toEqual(result);
  expect([calls.length, said().length]).toEqual([1, 2]);
  await expect(finetune({ ...options, steps: 8 })).rejects.toThrow(/holds another finetuning.*--fresh/);
  await finetune({ ...options, steps: 8, isFresh: true });
  expect([calls.length, said().length]).toEqual([2, 4]);
});

test('a training that was cut short goes on from its checkpoints', async () => {
  const { options, folder, said } = pretended('sft');
  mkdirSync(join(folder, 'out', 'checkpoints'), { recursive: true });
  await finetune(options);
  expect(said()[0]).toMatch(/--resume$/);
});

test('reward-filtered: each round samples the model of the round before', async () => {
  const { options, folder, calls, said } = pretended('rft', { openings: 3, contrasts: true });
  const { gguf } = await finetune(options);
  const sums = { steps: 4, seconds: 5, tokens: 80, samplingSeconds: 7, sampledEpisodes: 2, peakMebibytes: 900 };
  expect(training(options.out), 'both rounds together').toMatchObject(sums);
  expect(gguf).toBe(join(folder, 'out', 'round-2', 'tuned.gguf'));
  expect(calls).toEqual([
    'oracle',
    'llama:/base.gguf?temperature=1&outputTokens=160, rewarded',
    'llama:/out/round-1/tuned.gguf?temperature=1&outputTokens=160, rewarded',
  ]);
  expect(said().filter((line) => line.startsWith('rft'))).toEqual([
    'rft.py --base /base.gguf --out /out/round-1 --rows /out/oracle.jsonl --sampled /out/round-1/sampled.jsonl --least 1 --openings 3 --contrasts',
    'rft.py --base /out/round-1/model --out /out/round-2 --rows /out/oracle.jsonl --sampled /out/round-2/sampled.jsonl --least 1 --openings 3 --contrasts',
  ]);
});

test('reward-filtered from a folder: nothing is written or read beside it, and --fresh makes its file to serve anew', async () => {
  const { options, folder, calls, said } = pretended('rft', { rounds: 1 });
  const base = join(folder, 'mine', 'model');
  mkdirSync(base, { recursive: true });
  writeFileSync(join(folder, 'mine', 'tuned.gguf'), 'of another model');
  const fromFolder = { ...options, base, onto: options.base };
  await finetune(fromFolder);
  expect(said()[0]).toBe('to_gguf.py --model /mine/model --onto /base.gguf --out /out/base/tuned.gguf');
  expect(calls[1]).toBe('llama:/out/base/tuned.gguf?temperature=1&outputTokens=160, rewarded');
  expect(readFileSync(join(folder, 'mine', 'tuned.gguf'), 'utf8')).toBe('of another model');
  const before = said().length;
  await finetune({ ...fromFolder, least: 0.5, isFresh: true });
  expect(said().slice(before)[0]).toBe(said()[0]);
});

test('group-relative: a place on the server for every episode of a step, and the server is closed', async () => {
  const { options, calls, said } = pretended('grpo', { generations: 4, prompts: 2, turns: 6, beta: 0 });
  await finetune(options);
  expect(training(options.out)).toMatchObject({ steps: 2, sampledEpisodes: 5, samplingSeconds: null });
  expect(calls).toEqual(['serve 8', 'closed']);
  expect(said()[0]).toBe(
    'grpo.py --base /base.gguf --out /out --url http://127.0.0.1:1 --limit 2 --prompts 2 --generations 4 --turns 6 --beta 0',
  );
});

test('several processes: a script is started in them, and vLLM is looked for before anything else', async () => {
  const settings = { processes: 2, batch: 2, engine: 'vllm', engineMemory: 0.4, completionTokens: 900 } as const;
  const { options, calls, said } = pretended('grpo', settings);
  await finetune(options);
  expect(calls).toEqual(['serve 8', 'closed']);
  expect(said()[0]).toBe('engine.py vllm');
  expect(said()[1]).toMatch(
    /^several\.py 2 \S+\/grpo\.py .* --batch 2 --completion-tokens 900 --engine vllm --engine-memory 0\.4$/,
  );
  expect(said()[2]).toMatch(/^to_gguf\.py/);
});

test('an engine that cannot run here, and episodes that cannot be dealt out, are refused before anything is begun', async () => {
  const python = interpreter(temporaryFolder(), 'console.error("--engine vllm needs a card."); process.exit(1)');
  const without = pretended('grpo', { python, engine: 'vllm' });
  await expect(finetune(without.options)).rejects.toThrow(/^--engine vllm needs a card\.$/);
  const uneven = pretended('grpo', { prompts: 3, processes: 2, batch: 8 });
  await expect(finetune(uneven.options)).rejects.toThrow(
    /^A step has 24 episodes .* which 2 processes with 8 at a time/,
  );
  for (const { options } of [without, uneven]) expect(existsSync(options.out)).toBe(false);
});

test('a judge: what it shall say is written in the template of its base, asked for once', async () => {
  const rows = vi.fn<JudgeToBe['rows']>().mockResolvedValue([]);
  const judge = { settings: '', labels: '', suite: {} as Suite, rows };
  const { options, folder, said } = pretended('judge', { judge });
  await finetune(options);
  await finetune(options);
  expect(rows.mock.calls).toEqual([[join(folder, 'base.gguf'), 'a template']]);
  expect(said().map((line) => line.split(' ')[0])).toEqual(['template.py', 'judge.py', 'to_gguf.py']);
});

test.each([
  [{ base: 'nowhere' }, 'nowhere is no GGUF file that is there. Give the GGUF file it was trained from with --onto.'],
  [{ onto: 'nowhere.gguf' }, 'There is no GGUF file nowhere.gguf.'],
  [{ python: '/nowhere/python' }, 'There is no Python at /nowhere/python.'],
] as const)('%j is refused before anything is begun', async (wrong, sentence) => {
  const { options, folder } = pretended('sft', wrong);
  await expect(finetune(options)).rejects.toThrow(sentence);
  expect(existsSync(join(folder, 'out'))).toBe(false);
});
