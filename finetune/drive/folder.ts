import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { writeWhole } from '../../core/record/files.ts';
import type { FinetuneOptions, TrainingOptions } from './options.ts';

/** What decides the trained weights, but for threads. */
const decisive = [
  'steps',
  'learningRate',
  'rank',
  'layers',
  'seed',
  'processes',
  'openings',
  'contrasts',
  'prompts',
  'generations',
  'turns',
  'completionTokens',
  'engine',
  'beta',
  'normalise',
  'turnTokens',
] as const satisfies readonly (keyof TrainingOptions)[];

/** A folder of another finetuning is not touched without `isFresh`. */
export function takeFolder(options: FinetuneOptions): void {
  const { kind, base, onto, tasks, rounds, least, reward, about, out, isFresh } = options;
  const identity = { kind, base, onto, tasks, rounds, least, reward, about };
  const training = Object.fromEntries(decisive.map((name) => [name, options[name]]));
  const text = `${JSON.stringify({ ...identity, ...training }, null, 2)}\n`;
  const file = join(out, 'finetune.json');
  if (existsSync(file) && readFileSync(file, 'utf8') !== text) {
    if (!isFresh)
      throw new UsageError(
        `${out} holds another finetuning. Give another folder with --out, or --fresh to replace it.`,
      );
  } else if (!isFresh || !existsSync(file)) {
    writeWhole(file, text);
    return;
  }
  for (const part of parts) rmSync(join(out, part), { recursive: true, force: true });
  for (let round = 1; existsSync(join(out, `round-${round}`)); round++)
    rmSync(join(out, `round-${round}`), { recursive: true });
  writeWhole(file, text);
}

const parts = [
  'base',
  'oracle',
  'oracle.jsonl',
  'verdicts.jsonl',
  'judge.json',
  'episodes',
  'checkpoints',
  'model',
  'tuned.gguf',
  'Modelfile',
  'chat_template.jinja',
  'gguf-log',
  'template-log',
  'metrics.jsonl',
  'learning.jsonl',
  'trainer.log',
  'training.json',
  'selection.json',
];
