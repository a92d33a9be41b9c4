import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/toolstone.ts';
import type { Death } from '../../finetune/drive/dead-training.ts';
import { planText, planTraining, type TrainingPlan } from '../../finetune/drive/plan.ts';
import { interpreter, pretended } from './pretended-trainer.ts';

test('a plan is made from a few steps of the same training, which is begun in a folder of its own and removed', async () => {
  const { options, said } = pretended('sft', { layers: 3 });
  mkdirSync(options.out);
  writeFileSync(join(options.out, 'mine'), '');
  const plan = (await planTraining(options)) as TrainingPlan;
  expect(plan).toMatchObject({ steps: 2, rounds: 1, secondsOfStep: 1.5, secondsOfSampling: 0, peakMebibytes: 900 });
  expect(said()[0]).toMatch(/--layers 3 --stop-after 6$/);
  expect(readdirSync(dirname(options.out)).filter((name) => name.includes('-plan'))).toEqual([]);
  expect(existsSync(join(options.out, 'mine'))).toBe(true);
  expect(existsSync(join(options.out, 'finetune.json'))).toBe(false);
});

test('a plan of rounds counts the sampling of every round, by a few episodes', async () => {
  const { options, calls, said } = pretended('rft', { tasks: 80, rounds: 3, least: 1 });
  const plan = (await planTraining(options)) as TrainingPlan;
  // What stands for a run here takes 3.5 seconds, whatever it plays.
  expect(plan).toMatchObject({ rounds: 3, secondsOfSampling: 35 });
  expect(calls.filter((call) => call.startsWith('llama'))).toHaveLength(1);
  expect(said().find((line) => line.startsWith('rft'))).toContain('--least -1000 ');
  expect(planText({ ...plan, secondsBeside: 20 })).toBe(
    'This training would take about 2 min 14 s on this machine: 6 steps of 1.5 s, 1 min 45 s of sampling, and 20 s for everything else.\n' +
      'The trainer held up to 900 MiB of memory.\n' +
      'Measured by a few steps just now: forward 200 tokens a second (1 s), environment 1 s.',
  );
});

test('a training that dies within the trial has no plan but that reason', async () => {
  const folder = temporaryFolder();
  const python = interpreter(folder, `step({ step: 1, steps: 2, seconds: 1, loss: null });`);
  const { options } = pretended('sft', { python });
  expect(((await planTraining(options)) as Death).name).toBe('not-a-number');
});
