import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TrainingParts } from '../../core/record/training-record.ts';
import { duration } from '../../core/run/progress.ts';
import type { Death } from './dead-training.ts';
import { finetune } from './finetune.ts';
import type { FinetuneOptions } from './options.ts';
import { ratesText } from './rates.ts';
import { readTrainingRecord, stepsIn } from './training-record.ts';

/** What a training takes on this machine, as a few of its steps show. */
export interface TrainingPlan {
  /** Of the optimiser, a round. */
  readonly steps: number;
  readonly rounds: number;
  readonly secondsOfStep: number;
  /** rft: of sampling a round's episodes; else 0. */
  readonly secondsOfSampling: number;
  /** Of all else: the oracle's episodes, loading the base, writing the file to serve. */
  readonly secondsBeside: number;
  readonly peakMebibytes: number | null;
  readonly parts: TrainingParts;
}

/** Lower than any reward, so that a trial has something to train on. */
const belowAll = -1000;

/** Episodes that rft samples in a trial. */
const sampledInTrial = 8;

/**
 * Begins a training in a folder of its own beside `out`, ends it after a few steps, and removes it. The first step, which warms
 * up, does not count. Throws as `finetune` does.
 */
export async function planTraining(options: FinetuneOptions): Promise<TrainingPlan | Death> {
  const { kind, tasks } = options;
  const isByRounds = kind === 'rft';
  const sampled = Math.min(tasks, sampledInTrial);
  mkdirSync(dirname(options.out), { recursive: true });
  const out = mkdtempSync(`${options.out}-plan-`);
  const trial = {
    ...(isByRounds ? { rounds: 1, tasks: sampled, least: belowAll } : {}),
    out,
    isFresh: true,
    stopAfter: kind === 'grpo' ? 2 : 6,
  };
  try {
    const begun = performance.now();
    const { death } = await finetune({ ...options, ...trial });
    if (death) return death;
    const whole = (performance.now() - begun) / 1000;
    const { seconds, samplingSeconds, peakMebibytes, parts } = readTrainingRecord(out);
    const measured = stepsIn(out);
    const [first, last] = [measured[0], measured.at(-1)];
    const sampling = samplingSeconds ?? 0;
    return {
      steps: last?.steps ?? 0,
      rounds: isByRounds ? options.rounds : 1,
      secondsOfStep: ((last?.seconds ?? 0) - (first?.seconds ?? 0)) / Math.max(1, measured.length - 1),
      secondsOfSampling: (sampling / sampled) * tasks,
      secondsBeside: Math.max(0, whole - seconds - sampling),
      peakMebibytes,
      parts: parts ?? {},
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** What it takes, in sentences. */
export function planText(plan: TrainingPlan): string {
  const { steps, rounds, secondsOfStep, secondsOfSampling, secondsBeside, peakMebibytes, parts } = plan;
  const training = rounds * steps * secondsOfStep;
  const whole = training + rounds * secondsOfSampling + secondsBeside;
  const sampling = secondsOfSampling > 0 ? `, ${duration(rounds * secondsOfSampling)} of sampling` : '';
  return [
    `This training would take about ${duration(whole)} on this machine: ${rounds * steps} steps of ${secondsOfStep.toFixed(1)} s` +
      `${sampling}, and ${duration(secondsBeside)} for everything else.`,
    ...(peakMebibytes === null ? [] : [`The trainer held up to ${peakMebibytes} MiB of memory.`]),
    `Measured by a few steps just now: ${ratesText(parts)}.`,
  ].join('\n');
}
