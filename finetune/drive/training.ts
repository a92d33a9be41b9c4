import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { duration } from '../../core/run/progress.ts';
import { writeWhole } from '../../core/record/files.ts';
import type { Death } from './dead-training.ts';
import type { StepMetrics } from './metrics.ts';
import type { Prepared, TrainingOptions } from './options.ts';
import type { Script } from './python.ts';
import { runTrainer, type TrainerOptions } from './trainer.ts';

export interface Trained {
  readonly model: string;
  readonly death?: Death | undefined;
}

export const ggufOf = (model: string): string => join(model, '..', 'tuned.gguf');

/** Trains from `base` into `folder`/model, and writes the GGUF file beside it. */
export async function trained(
  options: Prepared & Pick<TrainerOptions, 'lost'>,
  script: Script,
  folder: string,
  base: string,
  args: readonly string[],
): Promise<Trained> {
  const { python, processes } = options;
  const model = join(folder, 'model');
  if (!existsSync(model)) {
    options.told(`training (${script}) from ${base}`);
    const isResumed = existsSync(join(folder, 'checkpoints'));
    const death = await runTrainer({
      python,
      script,
      arguments: [
        '--base',
        base,
        '--out',
        folder,
        ...args,
        ...flags(options, script),
        ...(isResumed ? ['--resume'] : []),
      ],
      out: folder,
      ...(processes === undefined ? {} : { processes }),
      ...(options.lost ? { lost: options.lost } : {}),
      heard: (steps) => {
        writeLearning(folder, steps);
        options.told(progress(script, steps));
      },
    });
    if (death) return { model, death };
  }
  await servable(options, model);
  return { model };
}

/** The GGUF file to serve a model by: itself, or that of its folder, written to `gguf` where it is not there. */
export async function servable(
  { python, onto, told, out }: Prepared,
  model: string,
  gguf = ggufOf(model),
): Promise<string> {
  if (model.endsWith('.gguf')) return model;
  if (!existsSync(gguf)) {
    told(`writing ${gguf}`);
    const args = ['--model', model, '--onto', onto, '--out', gguf];
    await runTrainer({
      python,
      script: 'to_gguf',
      arguments: args,
      out: join(out, 'gguf-log'),
      heard: () => undefined,
    });
  }
  return gguf;
}

/** One line a step, what depends on the machine left out; `metrics.jsonl` is the trainer's own log. */
function writeLearning(folder: string, steps: readonly StepMetrics[]): void {
  const without = { seconds: undefined, parts: undefined, threads: undefined, peakMebibytes: undefined };
  const lines = steps.map((metrics) => `${JSON.stringify({ ...metrics, ...without })}\n`);
  writeWhole(join(folder, 'learning.jsonl'), lines.join(''));
}

function progress(script: Script, all: readonly StepMetrics[]): string {
  const last = all.at(-1) as StepMetrics;
  const { step, steps, seconds, loss, reward, callRate } = last;
  const first = all[0] as StepMetrics;
  const each = step > first.step ? (seconds - first.seconds) / (step - first.step) : seconds / Math.max(1, step);
  const parts = [
    `${script} ${step} of ${steps}`,
    ...(typeof loss === 'number' ? [`loss ${loss.toFixed(4)}`] : []),
    ...(typeof reward === 'number' ? [`reward ${reward.toFixed(3)}`] : []),
    ...(typeof callRate === 'number' ? [`${callRate.toFixed(1)} calls`] : []),
    `${duration(each * (steps - step))} left`,
  ];
  return parts.join(' · ');
}

const isForEpisodes = (script: Script) => script === 'sft' || script === 'rft';

function flags(options: TrainingOptions, script: Script): string[] {
  const { steps, learningRate, rank, layers, seed, threads, stopAfter } = options;
  const { openings, contrasts, prompts, generations, turns, beta, turnTokens } = options;
  const { batch, completionTokens, engine, engineMemory, contextTokens } = options;
  const values: readonly (readonly [string, number | string | undefined])[] = [
    [script === 'grpo' ? '--steps' : '--sequences', steps],
    ['--learning-rate', learningRate],
    ['--rank', rank],
    ['--layers', layers],
    ['--seed', seed],
    ['--threads', threads],
    ['--stop-after', stopAfter],
    ...(isForEpisodes(script) ? ([['--openings', openings]] as const) : []),
    ...(script === 'grpo'
      ? ([
          ['--prompts', prompts],
          ['--generations', generations],
          ['--batch', batch],
          ['--turns', turns],
          ['--beta', beta],
          ['--turn-tokens', turnTokens],
          ['--completion-tokens', completionTokens],
          ['--engine', engine],
          ['--engine-memory', engineMemory],
          ['--context-tokens', contextTokens],
        ] as const)
      : []),
  ];
  const given = values.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return contrasts === true && isForEpisodes(script) ? [...given, '--contrasts'] : given;
}
