import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Interrupted } from '../../core/errors.ts';
import { finetune } from '../../finetune/drive/finetune.ts';
import { readMetrics } from '../../finetune/drive/metrics.ts';
import { runTrainer } from '../../finetune/drive/trainer.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { eventually, processesWith } from '../envs/processes.ts';
import { howToRun, isLive } from '../live/slow.ts';
import { hasTrainer, howToAdd, python } from './python.ts';
import { served } from './served.ts';
import { serving, tinyTraining } from './tiny-training.ts';

const title = 'training a tiny model in two processes';
if (!hasTrainer) test.skip(`${title} ${howToAdd}`, () => undefined);
else if (!isLive) test.skip(`${title} ${howToRun}`, () => undefined);

function interruptAtStep(sentence: string): void {
  if (/^sft \d+ of/.test(sentence)) process.emit('SIGINT');
}

describe.skipIf(!hasTrainer || !isLive)(title, { timeout: 900_000 }, () => {
  const { pool, optionsOf } = tinyTraining();
  const two = { processes: 2, threads: 2 } as const;

  test('supervised: as many steps, one log, one model, and what both go through is one step', async () => {
    const settings = { steps: 4, openings: 1, learningRate: 0.01 };
    const options = optionsOf('sft', { ...settings, ...two });
    const { gguf = '' } = await finetune(options);
    expect(existsSync(gguf)).toBe(true);
    const steps = readMetrics(join(options.out, 'metrics.jsonl'));
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
    expect(steps.at(-1)).toMatchObject({ steps: 4, threads: 1 });
    const log = readFileSync(join(options.out, 'trainer.log'), 'utf8');
    expect(log.match(/^\d+ sequences, \d+ tokens each/gm)).toEqual([expect.stringMatching(/^8 sequences/)]);

    const out = join(options.out, 'alone');
    const rows = ['--base', options.base, '--out', out, '--rows', join(options.out, 'oracle.jsonl')];
    const same = ['--sequences', '8', '--batch', '2', '--openings', '1', '--learning-rate', '0.01', '--threads', '1'];
    await runTrainer({ python, script: 'sft', arguments: [...rows, ...same], out, heard: () => undefined });
    const alone = readMetrics(join(out, 'metrics.jsonl'));
    for (const [place, { loss, gradientNorm }] of alone.entries()) {
      expect(steps[place]?.loss).toBeCloseTo(loss ?? NaN, 3);
      expect(steps[place]?.gradientNorm).toBeCloseTo(gradientNorm ?? NaN, 2);
    }
  });

  test('a refusal of the script is the one sentence that is told', async () => {
    const options = optionsOf('sft', { ...two, steps: 2, layers: 9 });
    await expect(finetune(options)).rejects.toThrow(
      /^The base has 2 layers, fewer than the 9 that are to be trained\.$/,
    );
  });

  test('group-relative: each process plays its own episodes of a step', async () => {
    const suite = await suiteNamed('micro');
    const server = await served({ pool: pool(), suite, tasks: 4, sessions: 4 });
    const options = optionsOf('grpo', {
      ...two,
      steps: 2,
      generations: 4,
      batch: 2,
      turnTokens: 16,
      tasks: 2,
      ...serving(server),
    });
    expect((await finetune(options)).death).toBeUndefined();
    expect(server.counts()).toMatchObject({ open: 0, opened: 8, refused: 0, recorded: 8, void: 0 });
    expect(readMetrics(join(options.out, 'metrics.jsonl'))).toHaveLength(2);
  });

  test('Ctrl-C leaves none of them running', async () => {
    const options = optionsOf('sft', { ...two, steps: 500 });
    await expect(finetune({ ...options, told: interruptAtStep })).rejects.toThrow(Interrupted);
    expect(await eventually(() => processesWith(options.out).length === 0)).toBe(true);
  });
});
